-- Write what was said to each question, and what is known now of those about whom it was the
-- question under way. The rows of both tables are locked already.
WITH answer AS (
    SELECT *
    FROM unnest(
        %(check_ids)s::uuid[], %(found)s::text[], %(person)s::text[], %(statuses)s::text[],
        %(codes)s::text[], %(insurers)s::text[], %(insured_numbers)s::text[], %(packages)s::text[],
        %(from_on)s::date[], %(until_on)s::date[]
    ) AS u (check_id, found, person, status, code, insurer, insured_number, package, from_on,
            until_on)
), evidence AS (
    UPDATE insurance_check c
    SET answered_at = %(now)s, status = a.status, found = a.found, person = a.person
    FROM answer a
    WHERE c.id = a.check_id
    RETURNING c.id, c."on"
)
UPDATE insurance_coverage v
SET status = a.status, code = a.code, answered_at = %(now)s, answered_on = e."on",
    check_under_way_id = NULL, insurer = a.insurer, insured_number = a.insured_number,
    package = a.package, from_on = a.from_on, until_on = a.until_on
FROM answer a
JOIN evidence e ON e.id = a.check_id
WHERE v.check_under_way_id = a.check_id
