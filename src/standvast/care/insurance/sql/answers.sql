-- What the insurers said to lines, all at once. What was not approved of a line is rejected.
UPDATE insurance_line AS l
   SET state = a.state, approved_cents = a.approved_cents,
       rejected_cents = l.cents - a.approved_cents, reason = a.reason, answered_at = %(now)s
  FROM json_to_recordset(%(answers)s::json)
    AS a (id uuid, state text, approved_cents bigint, reason text)
 WHERE l.id = a.id AND l.answered_at IS NULL
