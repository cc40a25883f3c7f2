-- Orders that the batch moved. Their days are locked, so nobody else moved them meanwhile.
UPDATE campaigns_order AS o
   SET state = w.state, held_until = w.held_until, given_back_ms = w.given_back_ms,
       confirmed_at = w.confirmed_at, ended_at = w.ended_at, key_confirm = w.key_confirm,
       person_id = w.person_id, helping_from = w.helping_from, language = w.language
  FROM unnest(
       %(ids)b::uuid[], %(states)b::text[], %(held_untils)b::timestamptz[],
       %(given_back_mss)b::int[], %(confirmed_ats)b::timestamptz[], %(ended_ats)b::timestamptz[],
       %(key_confirms)b::text[], %(person_ids)b::uuid[], %(helping_froms)b::uuid[],
       %(languages)b::text[])
       AS w (id, state, held_until, given_back_ms, confirmed_at, ended_at, key_confirm, person_id,
             helping_from, language)
 WHERE o.id = w.id
