-- Gives places in one locked lobby. Who has one keeps it; who left or let the pass expire goes to
-- the end once the draw is done, and simply back in before it. Answers one row per organisation,
-- in the order given. `first_position` is null until the draw.
WITH given AS (
    SELECT organisation_id, ticket, joined_at, nth
      FROM unnest(%(organisation_ids)s::uuid[], %(tickets)s::text[], %(joined_ats)s::timestamptz[])
           WITH ORDINALITY AS g (organisation_id, ticket, joined_at, nth)
), known AS (
    SELECT place.*
      FROM lobby_place AS place JOIN given USING (organisation_id)
     WHERE place.lobby_id = %(lobby_id)s
     ORDER BY place.organisation_id
       FOR NO KEY UPDATE OF place
), moved AS (
    SELECT given.organisation_id, given.ticket, given.joined_at, known.id AS known_id,
           known.ticket AS known_ticket, known.joined_at AS known_joined_at,
           %(first_position)s::int - 1
               + row_number() OVER (ORDER BY given.joined_at, given.nth) AS position
      FROM given LEFT JOIN known USING (organisation_id)
     WHERE known.id IS NULL OR known.state IN ('left', 'expired')
), added AS (
    INSERT INTO lobby_place (lobby_id, organisation_id, ticket, joined_at, state, position, version)
    SELECT %(lobby_id)s, organisation_id, ticket, joined_at, 'waiting', position,
           pg_current_xact_id()::text::bigint
      FROM moved WHERE known_id IS NULL
     ORDER BY joined_at
), again AS (
    UPDATE lobby_place AS place
       SET state = 'waiting', position = moved.position, admitted_at = NULL, finished_at = NULL,
           version = pg_current_xact_id()::text::bigint
      FROM moved
     WHERE place.id = moved.known_id
)
SELECT given.organisation_id,
       coalesce(moved.known_ticket, moved.ticket, known.ticket),
       coalesce(moved.known_joined_at, moved.joined_at, known.joined_at),
       CASE WHEN moved.organisation_id IS NULL THEN known.state ELSE 'waiting' END,
       CASE WHEN moved.organisation_id IS NULL THEN known.position ELSE moved.position END,
       CASE WHEN moved.organisation_id IS NULL THEN known.admitted_at END,
       moved.organisation_id IS NOT NULL AS is_new,
       moved.organisation_id IS NOT NULL AND moved.known_id IS NULL AS is_first
  FROM given
  LEFT JOIN known USING (organisation_id)
  LEFT JOIN moved USING (organisation_id)
 ORDER BY given.nth
