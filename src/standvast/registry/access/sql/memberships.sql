-- Open memberships of some people, first held first, with the organisation they are in.
SELECT m.person_id, m.organisation_id, m.role, o.name, o.kind
FROM access_membership m
JOIN organisations_organisation o ON o.id = m.organisation_id
WHERE m.person_id = ANY(%(person_ids)s)
  AND m.held_from <= clock_timestamp()
  AND (m.held_until IS NULL OR m.held_until > clock_timestamp())
  AND o.is_active
ORDER BY m.held_from, m.id
