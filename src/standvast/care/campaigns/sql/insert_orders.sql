-- New orders, in the order of their organisations so that two batches that meet cannot block each
-- other crosswise. One that another process forestalled is left out; its id is not returned.
INSERT INTO campaigns_order (
       id, season_id, organisation_id, day_id, address_key, doses, state, hold_taken_at,
       held_until, given_back_ms, confirmed_at, ended_at, version, key_hold, key_confirm, person_id,
       helping_from, language)
SELECT *
  FROM unnest(
       %(ids)s::uuid[], %(season_ids)s::bigint[], %(organisation_ids)s::uuid[],
       %(day_ids)s::bigint[], %(address_keys)s::text[], %(doses)s::int[], %(states)s::text[],
       %(hold_taken_ats)s::timestamptz[], %(held_untils)s::timestamptz[],
       %(given_back_mss)s::int[], %(confirmed_ats)s::timestamptz[],
       %(ended_ats)s::timestamptz[], %(versions)s::int[], %(key_holds)s::text[], %(key_confirms)s::text[], %(person_ids)s::uuid[],
       %(helping_froms)s::uuid[], %(languages)s::text[])
ON CONFLICT DO NOTHING
RETURNING id
