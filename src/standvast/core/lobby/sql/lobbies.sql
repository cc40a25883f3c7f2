-- What each serve remembers of the lobbies: those not closed, or closed within the hour.
SELECT id, slug, state, doors_at, starts_at, closes_at, pass_s, seed_commitment, joined_count,
       drawn_count, shown_through, shown_from_s, observed_counts, let_in_at, paused_at,
       rate_per_s
  FROM lobby_lobby
 WHERE closes_at > now() - interval '1 hour'
 ORDER BY starts_at
 LIMIT 50
