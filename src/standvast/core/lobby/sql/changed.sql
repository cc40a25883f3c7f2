-- Places written since an earlier snapshot: its oldest running transaction and later ones. Of each
-- lobby one value: its places one after the other, each as `PLACE` in memory.py has it.
SELECT lobby_id,
       string_agg(uuid_send(organisation_id) || convert_to(left(state, 1), 'UTF8')
               || int4send(coalesce(position::int, -1))
               || float8send(coalesce(extract(epoch FROM admitted_at)::float8, 'NaN')), '')
  FROM lobby_place
 WHERE lobby_id = ANY (%(lobby_ids)s::uuid[]) AND version >= %(since)s
 GROUP BY lobby_id
