-- Ends the passes of those who were let in and did not begin in time.
WITH late AS (
    SELECT place.id
      FROM lobby_place AS place JOIN lobby_lobby AS lobby ON lobby.id = place.lobby_id
     WHERE place.state = 'admitted'
       AND lobby.paused_at IS NULL
       AND lobby.id = ANY (%(lobby_ids)s::uuid[])
       AND place.admitted_at + make_interval(secs => lobby.pass_s) <= %(now)s
     ORDER BY place.lobby_id, place.organisation_id
       FOR NO KEY UPDATE OF place
)
UPDATE lobby_place AS place
   SET state = 'expired', version = pg_current_xact_id()::text::bigint
  FROM late
 WHERE place.id = late.id
