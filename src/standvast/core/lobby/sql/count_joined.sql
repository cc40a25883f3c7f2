UPDATE lobby_lobby
   SET joined_count = joined_count + %(joined_count)s,
       next_position = next_position + %(positions_count)s
 WHERE id = %(lobby_id)s
