-- Orders those who came in time by sha256(seed || root || ticket), as fairness.drawn_order does,
-- and those who came between the instant and the draw after them, in order of arrival.
WITH placed AS (
    SELECT id, joined_at < %(starts_at)s AS is_early,
           row_number() OVER (
               ORDER BY joined_at >= %(starts_at)s,
                        CASE WHEN joined_at < %(starts_at)s THEN
                            sha256(%(start)s::bytea || convert_to(ticket, 'UTF8')) END,
                        joined_at, id) AS position
      FROM lobby_place
     WHERE lobby_id = %(lobby_id)s
)
UPDATE lobby_place AS place
   SET position = placed.position,
       drawn_position = CASE WHEN placed.is_early THEN placed.position END,
       version = pg_current_xact_id()::text::bigint
  FROM placed
 WHERE place.id = placed.id
