-- Gives places away. A used place stays used.
WITH mine AS (
    SELECT id FROM lobby_place
     WHERE lobby_id = (
           SELECT id FROM lobby_lobby WHERE slug = %(lobby)s OR id::text = %(lobby)s)
       AND organisation_id = ANY (%(organisation_ids)s::uuid[])
       AND state IN ('waiting', 'admitted')
     ORDER BY organisation_id
       FOR NO KEY UPDATE
)
UPDATE lobby_place AS place
   SET state = 'left', version = pg_current_xact_id()::text::bigint
  FROM mine
 WHERE place.id = mine.id
RETURNING place.organisation_id
