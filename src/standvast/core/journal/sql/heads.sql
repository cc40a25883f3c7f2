-- Makes the missing heads, in key order, so that `append` finds all of them in its snapshot.
INSERT INTO journal_head (organisation_id)
SELECT DISTINCT wanted.organisation_id
  FROM unnest(%(organisation_ids)s::uuid[]) AS wanted (organisation_id)
 WHERE NOT EXISTS (
       SELECT FROM journal_head WHERE journal_head.organisation_id = wanted.organisation_id)
 ORDER BY wanted.organisation_id
ON CONFLICT (organisation_id) DO NOTHING
