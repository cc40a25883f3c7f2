-- Everybody who works somewhere now and was seen lately: signed in, or in the journal. With what
-- they hold there beside the role, as a session has it.
SELECT p.id, m.organisation_id, m.role, o.kind,
       ARRAY(SELECT h.holding || ':' || h.name FROM access_personalrule h
             WHERE h.person_id = p.id AND h.organisation_id = m.organisation_id
               AND h.ended_at IS NULL
               AND (h.until_at IS NULL OR h.until_at > %(now)s)
             ORDER BY 1)
FROM access_membership m
JOIN people_person p ON p.id = m.person_id AND p.is_active
JOIN organisations_organisation o ON o.id = m.organisation_id AND o.is_active
WHERE m.held_from <= %(now)s AND (m.held_until IS NULL OR m.held_until > %(now)s)
  AND (p.last_login >= %(since)s OR p.id = ANY(%(seen)s::uuid[]))
ORDER BY p.id, m.organisation_id
LIMIT %(limit)s
