-- Who some people are, as far as a session must know.
SELECT id, password, language
FROM people_person
WHERE id = ANY(%(person_ids)s) AND is_active
