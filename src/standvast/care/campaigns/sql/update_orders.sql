-- Orders that the batch moved. Their days are locked, so nobody else moved them meanwhile.
UPDATE campaigns_order AS o
   SET state = w.state, held_until = w.held_until, given_back_ms = w.given_back_ms,
       confirmed_at = w.confirmed_at, ended_at = w.ended_at, key_confirm = w.key_confirm,
       person_id = w.person_id, helping_from = w.helping_from, language = w.language
  FROM unnest(
       %(ids)s::uuid[], %(states)s::text[], %(held_untils)s::timestamptz[],
       %(given_back_mss)s::int[], %(confirmed_ats)s::timestamptz[], %(ended_ats)s::timestamptz[],
       %(key_confirms)s::text[], %(person_ids)s::uuid[], %(helping_froms)s::uuid[],
       %(languages)s::text[])
       AS w (id, state, held_until, given_back_ms, confirmed_at, ended_at, key_confirm, person_id,
             helping_from, language)
 WHERE o.id = w.id
