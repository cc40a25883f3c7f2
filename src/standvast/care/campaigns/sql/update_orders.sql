-- Orders that the batch moved. Their days are locked, so nobody else moved them meanwhile.
UPDATE campaigns_order AS o
   SET state = w.state, held_until = w.held_until, given_back_ms = w.given_back_ms,
       confirmed_at = w.confirmed_at, ended_at = w.ended_at, key_confirm = w.key_confirm,
       person_id = w.person_id, helping_from = w.helping_from, language = w.language
  FROM json_to_recordset(%(orders)s::json) AS w (
       id uuid, state text, held_until timestamptz, given_back_ms int, confirmed_at timestamptz,
       ended_at timestamptz, key_confirm text, person_id uuid, helping_from uuid, language text)
 WHERE o.id = w.id
