-- Gives those inside back the time that the lobby stood still.
WITH inside AS (
    SELECT id FROM lobby_place
     WHERE lobby_id = %(lobby_id)s AND state = 'admitted'
     ORDER BY organisation_id
       FOR NO KEY UPDATE
)
UPDATE lobby_place AS place
   SET admitted_at = place.admitted_at + (%(now)s::timestamptz - greatest(%(paused_at)s::timestamptz, place.admitted_at)),
       version = pg_current_xact_id()::text::bigint
  FROM inside
 WHERE place.id = inside.id
