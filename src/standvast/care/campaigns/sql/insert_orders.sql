-- New orders, in the order of their organisations so that two batches that meet cannot block each
-- other crosswise. One that another process forestalled is left out; its id is not returned.
INSERT INTO campaigns_order (
       id, season_id, organisation_id, day_id, address_key, doses, state, hold_taken_at,
       held_until, given_back_ms, confirmed_at, ended_at, version, key_hold, key_confirm, person_id,
       helping_from, language)
SELECT *
  FROM unnest(
       %(ids)b::uuid[], %(season_ids)b::bigint[], %(organisation_ids)b::uuid[],
       %(day_ids)b::bigint[], %(address_keys)b::text[], %(doses)b::int[], %(states)b::text[],
       %(hold_taken_ats)b::timestamptz[], %(held_untils)b::timestamptz[],
       %(given_back_mss)b::int[], %(confirmed_ats)b::timestamptz[],
       %(ended_ats)b::timestamptz[], %(versions)b::int[], %(key_holds)b::text[], %(key_confirms)b::text[], %(person_ids)b::uuid[],
       %(helping_froms)b::uuid[], %(languages)b::text[])
ON CONFLICT DO NOTHING
RETURNING id
