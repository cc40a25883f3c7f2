-- Places written since an earlier snapshot: its oldest running transaction and later ones.
SELECT uuid_send(lobby_id), uuid_send(organisation_id), state, position,
       extract(epoch FROM admitted_at)::float8
  FROM lobby_place
 WHERE lobby_id = ANY (%(lobby_ids)s::uuid[]) AND version >= %(since)s
