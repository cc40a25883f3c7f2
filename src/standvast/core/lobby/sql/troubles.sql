-- Where a lobby is not as people were told; nothing when all is well.
SELECT lobby.slug, 'lobby.not_drawn', 1
  FROM lobby_lobby AS lobby
 WHERE lobby.state = 'gathering' AND lobby.starts_at < %(now)s - interval '10 s'
   AND lobby.closes_at > %(now)s
 UNION ALL
SELECT lobby.slug, 'lobby.stands_still', count(*)
  FROM lobby_lobby AS lobby
  JOIN lobby_place AS place ON place.lobby_id = lobby.id AND place.state = 'waiting'
 WHERE lobby.state = 'drawn' AND lobby.paused_at IS NULL
   AND coalesce(lobby.let_in_at, lobby.revealed_at) < %(now)s - interval '15 s'
 GROUP BY lobby.slug
 UNION ALL
SELECT lobby.slug, 'lobby.passed_over', count(*)
  FROM lobby_lobby AS lobby
  JOIN lobby_place AS place ON place.lobby_id = lobby.id AND place.state = 'waiting'
 WHERE lobby.state = 'drawn' AND place.position <= lobby.admitted_through
 GROUP BY lobby.slug
 UNION ALL
SELECT lobby.slug, 'lobby.pass_not_ended', count(*)
  FROM lobby_lobby AS lobby
  JOIN lobby_place AS place ON place.lobby_id = lobby.id AND place.state = 'admitted'
 WHERE lobby.state = 'drawn' AND lobby.paused_at IS NULL
   AND place.admitted_at + make_interval(secs => lobby.pass_s) < %(now)s - interval '1 min'
 GROUP BY lobby.slug
