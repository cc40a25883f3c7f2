-- Adds entries to the chains of their organisations. Heads are locked in key order; several
-- entries of one organisation follow each other as given. The canonical form is the one of
-- entries.py. Answers whose chains it found; for the others, run `heads` and then this again, in
-- the same transaction: heads that are there are locked before new ones are made, by everybody.
WITH RECURSIVE given AS MATERIALIZED (
    SELECT g.*,
           row_number() OVER (PARTITION BY g.organisation_id ORDER BY g.nth) AS rank
      FROM ROWS FROM (json_to_recordset(%(entries)s::json) AS (
           organisation_id uuid, at timestamptz, action text, event text, record_kind text,
           record_id text, person_id uuid, role text, on_behalf_of uuid, helping_from uuid,
           from_address text, outcome int, purpose text, trace_id text, detail text
      )) WITH ORDINALITY AS g (
           organisation_id, at, action, event, record_kind, record_id, person_id, role,
           on_behalf_of, helping_from, from_address, outcome, purpose, trace_id, detail, nth)
), heads AS MATERIALIZED (
    SELECT organisation_id, count, hash
      FROM journal_head
     WHERE organisation_id = ANY (%(organisation_ids)s::uuid[])
     ORDER BY organisation_id
       FOR NO KEY UPDATE
), placed AS MATERIALIZED (
    SELECT given.*, heads.count + given.rank AS position
      FROM given JOIN heads USING (organisation_id)
), grouped AS (
    SELECT placed.organisation_id,
           array_agg(sha256(
               int4send(16) || uuid_send(organisation_id)
            || int4send(8) || int8send(position)
            || int4send(8) || int8send((extract(epoch FROM at) * 1000000)::bigint)
            || coalesce(int4send(16) || uuid_send(person_id), int4send(-1))
            || coalesce(int4send(16) || uuid_send(on_behalf_of), int4send(-1))
            || coalesce(int4send(16) || uuid_send(helping_from), int4send(-1))
            || int4send(4) || int4send(outcome)
            || int4send(octet_length(action)) || convert_to(action, 'UTF8')
            || int4send(octet_length(event)) || convert_to(event, 'UTF8')
            || int4send(octet_length(record_kind)) || convert_to(record_kind, 'UTF8')
            || int4send(octet_length(record_id)) || convert_to(record_id, 'UTF8')
            || int4send(octet_length(role)) || convert_to(role, 'UTF8')
            || int4send(octet_length(from_address)) || convert_to(from_address, 'UTF8')
            || int4send(octet_length(purpose)) || convert_to(purpose, 'UTF8')
            || int4send(octet_length(trace_id)) || convert_to(trace_id, 'UTF8')
            || int4send(octet_length(detail)) || convert_to(detail, 'UTF8')
           ) ORDER BY rank) AS digests
      FROM placed
     GROUP BY organisation_id
), chain AS (
    SELECT grouped.organisation_id, grouped.digests, heads.count, 1 AS rank,
           sha256(heads.hash || grouped.digests[1]) AS hash
      FROM grouped JOIN heads USING (organisation_id)
     UNION ALL
    SELECT organisation_id, digests, count, rank + 1, sha256(hash || digests[rank + 1])
      FROM chain
     WHERE rank < cardinality(digests)
), written AS (
    INSERT INTO journal_entry (
           organisation_id, position, at, action, event, record_kind, record_id, person_id, role,
           on_behalf_of, helping_from, from_address, outcome, purpose, trace_id, detail, hash)
    SELECT placed.organisation_id, placed.position, at, action, event, record_kind, record_id,
           person_id, role, on_behalf_of, helping_from, from_address, outcome, purpose, trace_id,
           detail, chain.hash
      FROM placed JOIN chain USING (organisation_id, rank)
)
UPDATE journal_head AS head
   SET count = chain.count + chain.rank, hash = chain.hash
  FROM chain
 WHERE head.organisation_id = chain.organisation_id
   AND chain.rank = cardinality(chain.digests)
RETURNING head.organisation_id
