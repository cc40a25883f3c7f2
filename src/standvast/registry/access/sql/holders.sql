-- Who some people are, as far as a session must know, with their open memberships: one row each,
-- first held first, and the organisation they are in; one row without, for who works nowhere now.
SELECT p.id, p.password, p.language, m.organisation_id, m.role, o.name, o.kind
FROM people_person p
LEFT JOIN (access_membership m
           JOIN organisations_organisation o ON o.id = m.organisation_id AND o.is_active)
  ON m.person_id = p.id
 AND m.held_from <= clock_timestamp()
 AND (m.held_until IS NULL OR m.held_until > clock_timestamp())
WHERE p.id = ANY(%(person_ids)s::uuid[]) AND p.is_active
ORDER BY m.held_from, m.id
