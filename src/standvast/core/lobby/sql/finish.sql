-- Marks passes used, in key order. A hold taken in time may be confirmed after the pass expired.
WITH mine AS (
    SELECT id FROM lobby_place
     WHERE lobby_id = (
           SELECT id FROM lobby_lobby WHERE slug = %(lobby)s OR id::text = %(lobby)s)
       AND organisation_id = ANY (%(organisation_ids)s::uuid[])
       AND state IN ('admitted', 'expired')
     ORDER BY organisation_id
       FOR NO KEY UPDATE
)
UPDATE lobby_place AS place
   SET state = 'used', finished_at = %(now)s, version = pg_current_xact_id()::text::bigint
  FROM mine
 WHERE place.id = mine.id
RETURNING place.organisation_id
