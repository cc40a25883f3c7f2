-- Locks lobbies in key order; who joins, draws or lets in does so one after another.
SELECT id, state, doors_at, starts_at, closes_at, sealed_seed, joined_count, next_position,
       witnessed_at
  FROM lobby_lobby
 WHERE id = ANY (%(lobby_ids)s::uuid[])
 ORDER BY id
   FOR NO KEY UPDATE
