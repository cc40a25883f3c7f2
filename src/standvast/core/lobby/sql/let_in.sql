-- Lets the next ones in.
WITH next AS (
    SELECT id FROM lobby_place
     WHERE lobby_id = %(lobby_id)s AND state = 'waiting' AND position > %(admitted_through)s
     ORDER BY position
     LIMIT %(count)s
       FOR NO KEY UPDATE
)
UPDATE lobby_place AS place
   SET state = 'admitted', admitted_at = %(now)s, version = pg_current_xact_id()::text::bigint
  FROM next
 WHERE place.id = next.id
RETURNING place.position
