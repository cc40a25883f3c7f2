-- Which of these organisations are inside now, by the given clock.
SELECT place.organisation_id
  FROM lobby_place AS place JOIN lobby_lobby AS lobby ON lobby.id = place.lobby_id
 WHERE (lobby.slug = %(lobby)s OR lobby.id::text = %(lobby)s)
   AND place.organisation_id = ANY (%(organisation_ids)s::uuid[])
   AND place.state = 'admitted'
   AND place.admitted_at + make_interval(secs => lobby.pass_s) > least(%(now)s, coalesce(lobby.paused_at, %(now)s))
   AND lobby.state <> 'closed'
