-- Who some people are, as far as a session must know, with their open memberships: one row each,
-- first held first, and the organisation they are in; one row without, for who works nowhere now.
-- With each what they hold there beside the role, and under which rules all of it is judged.
SELECT p.id, p.password, p.language, m.organisation_id, m.role, o.name, o.kind,
       ARRAY(SELECT said FROM access_personalrule h
             CROSS JOIN LATERAL (VALUES (h.holding || ':' || h.name),
                                        ('purpose:' || nullif(h.purpose, ''))) AS v(said)
             WHERE h.person_id = p.id AND h.organisation_id = m.organisation_id
               AND h.ended_at IS NULL AND said IS NOT NULL
               AND (h.until_at IS NULL OR h.until_at > clock_timestamp())
             ORDER BY 1) AS held,
       v.enforced, v.shadowed
FROM people_person p
CROSS JOIN (SELECT coalesce(max(number) FILTER (WHERE state = 'enforced'), 0) AS enforced,
                   coalesce(max(number) FILTER (WHERE is_shadowed), 0) AS shadowed
            FROM access_ruleset WHERE state = 'enforced' OR is_shadowed) v
LEFT JOIN (access_membership m
           JOIN organisations_organisation o ON o.id = m.organisation_id AND o.is_active)
  ON m.person_id = p.id
 AND m.held_from <= clock_timestamp()
 AND (m.held_until IS NULL OR m.held_until > clock_timestamp())
WHERE p.id = ANY(%(person_ids)s::uuid[]) AND p.is_active
ORDER BY m.held_from, m.id
