-- Who was claimed for in the quarter before, and is not in the programme with us in this one; with
-- the enrolment that ended last, or that went to another practice. Rows that were brought together
-- are one person.
WITH merged AS (
    SELECT id, into_id FROM json_to_recordset(%(doubles)s::json) AS d (id uuid, into_id uuid)
), claimed AS (
    SELECT DISTINCT coalesce(m.into_id, l.patient_id) AS person_id
      FROM insurance_line AS l LEFT JOIN merged AS m ON m.id = l.patient_id
     WHERE l.organisation_id = %(organisation_id)s AND l.programme = %(programme)s
       AND l.quarter = %(quarter_before)s AND l.submission_id IS NOT NULL
), enrolled AS (
    SELECT e.*, coalesce(m.into_id, e.patient_id) AS person_id
      FROM insurance_enrolment AS e LEFT JOIN merged AS m ON m.id = e.patient_id
     WHERE e.organisation_id = %(organisation_id)s AND e.programme = %(programme)s
)
SELECT DISTINCT ON (c.person_id) c.person_id, e.id AS enrolment_id, e.until_on
  FROM claimed AS c JOIN enrolled AS e USING (person_id)
 WHERE NOT EXISTS (SELECT FROM enrolled AS n
                    WHERE n.person_id = c.person_id AND n.main <> 'elsewhere'
                      AND n.from_on < %(after_on)s
                      AND (n.until_on IS NULL OR n.until_on > %(first_on)s))
 ORDER BY c.person_id, e.from_on DESC
 LIMIT %(rows_max)s
