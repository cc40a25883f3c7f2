-- Of how many people something is still to be claimed, how many have something that can go, and how
-- many something that waits for a decision or an answer. Follows on `WITH candidate AS (...)`.
SELECT count(DISTINCT patient_id) AS people_count,
       count(DISTINCT patient_id) FILTER (WHERE held = '') AS ready_count,
       count(DISTINCT patient_id) FILTER (WHERE held <> '') AS waiting_count
  FROM candidate AS c
 WHERE held IN ('', 'open', 'no_tariff', 'coverage_unknown')
   AND NOT EXISTS (SELECT FROM insurance_line AS l
                    WHERE l.organisation_id = %(organisation_id)s
                      AND l.programme = %(programme)s AND l.quarter = %(quarter)s
                      AND l.patient_id = c.patient_id
                      AND l.activity_id IS NOT DISTINCT FROM c.activity_id
                      AND l.submission_id IS NOT NULL)
