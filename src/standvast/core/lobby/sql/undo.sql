-- What a used place was used for is undone: its organisation may come again, at the end.
UPDATE lobby_place
   SET state = 'left', finished_at = NULL, version = pg_current_xact_id()::text::bigint
 WHERE lobby_id = (SELECT id FROM lobby_lobby WHERE slug = %(lobby)s)
   AND organisation_id = %(organisation_id)s
   AND state = 'used'
