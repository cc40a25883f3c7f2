-- What a quarter of a programme comes to: a row per person for the quarter as a whole, and one per
-- activity that has an amount of its own. `held` is the first thing that keeps it here, as
-- rules.entitlement.held_by decides it; "" lets it go. Another practice's patients are left out.
-- Rows of the register that were brought together are one person: claimed once, under the row of
-- which something went already, else under the one that stands.
WITH merged AS (
    SELECT id, into_id FROM json_to_recordset(%(doubles)s::json) AS d (id uuid, into_id uuid)
), double AS (
    SELECT into_id AS person_id, array_agg(id) AS ids FROM merged GROUP BY into_id
), enrolled AS (
    SELECT coalesce(m.into_id, e.patient_id) AS person_id, e.main, e.from_on, e.until_on
      FROM insurance_enrolment AS e LEFT JOIN merged AS m ON m.id = e.patient_id
     WHERE e.organisation_id = %(organisation_id)s AND e.programme = %(programme)s
       AND e.from_on < %(after_on)s AND (e.until_on IS NULL OR e.until_on > %(first_on)s)
), latest AS (
    SELECT DISTINCT ON (person_id) person_id, main, from_on
      FROM enrolled
     ORDER BY person_id, from_on DESC, main IN ('none', 'double') DESC
), went AS (
    SELECT l.patient_id, coalesce(m.into_id, l.patient_id) AS person_id, l.activity_id,
           a.code, a.done_on,
           bool_or(l.credits_id IS NULL AND l.state IN ('submitted', 'approved')) AS stands
      FROM insurance_line AS l
      LEFT JOIN merged AS m ON m.id = l.patient_id
      LEFT JOIN insurance_activity AS a ON a.id = l.activity_id
     WHERE l.organisation_id = %(organisation_id)s AND l.programme = %(programme)s
       AND l.quarter = %(quarter)s AND l.submission_id IS NOT NULL
     GROUP BY l.patient_id, m.into_id, l.activity_id, a.code, a.done_on
), whole AS (
    SELECT DISTINCT ON (person_id) person_id, patient_id
      FROM went
     WHERE activity_id IS NULL
     ORDER BY person_id, stands DESC, patient_id = person_id DESC, patient_id
), done AS (
    SELECT DISTINCT ON (person_id, code, done_on)
           a.id, a.patient_id, coalesce(m.into_id, a.patient_id) AS person_id, a.code, a.done_on
      FROM insurance_activity AS a
      LEFT JOIN merged AS m ON m.id = a.patient_id
      LEFT JOIN went AS w ON w.activity_id = a.id
     WHERE a.organisation_id = %(organisation_id)s AND a.programme = %(programme)s
       AND a.done_on >= %(first_on)s AND a.done_on < %(after_on)s AND a.withdrawn_at IS NULL
       AND EXISTS (SELECT FROM enrolled AS e
                    WHERE e.person_id = coalesce(m.into_id, a.patient_id)
                      AND e.from_on <= a.done_on
                      AND (e.until_on IS NULL OR e.until_on > a.done_on))
     ORDER BY person_id, code, done_on, w.stands DESC NULLS LAST, m.id IS NULL DESC, a.id
), wanted AS (
    SELECT l.person_id, coalesce(w.patient_id, l.person_id) AS patient_id,
           NULL::uuid AS activity_id, '' AS code, l.main,
           coalesce(min(d.done_on), greatest(l.from_on, %(first_on)s::date)) AS on_day,
           count(d.id) AS done_count, false AS is_claimed
      FROM latest AS l
      LEFT JOIN done AS d USING (person_id)
      LEFT JOIN whole AS w USING (person_id)
     GROUP BY l.person_id, w.patient_id, l.main, l.from_on
    UNION ALL
    SELECT d.person_id, d.patient_id, d.id, d.code, l.main, d.done_on, 1,
           EXISTS (SELECT FROM went AS w
                    WHERE w.person_id = d.person_id AND w.code = d.code
                      AND w.done_on = d.done_on AND w.activity_id <> d.id AND w.stands)
      FROM done AS d JOIN latest AS l USING (person_id)
     WHERE d.code IN (SELECT activity FROM insurance_tariff
                       WHERE programme = %(programme)s AND withdrawn_at IS NULL)
), priced AS (
    SELECT w.*, t.id AS tariff_id, t.cents
      FROM wanted AS w
      LEFT JOIN LATERAL (
           SELECT id, cents
             FROM insurance_tariff AS one
            WHERE one.programme = %(programme)s AND one.activity = w.code
              AND one.from_on <= w.on_day AND one.withdrawn_at IS NULL
            ORDER BY one.from_on DESC
            LIMIT 1) AS t ON true
     WHERE w.main <> 'elsewhere'
), covered AS (
    SELECT p.*,
           CASE WHEN c.status IS NULL OR c.status = 'unknown' THEN 'unknown'
                WHEN p.on_day >= c.from_on
                     AND p.on_day <= coalesce(c.until_on, CASE WHEN c.status = 'insured'
                                                               THEN c.answered_on END)
                THEN 'insured'
                WHEN p.on_day = c.answered_on THEN c.status
                WHEN c.status = 'not_insured' AND c.until_on < p.on_day
                     AND p.on_day <= c.answered_on
                THEN 'not_insured'
                ELSE 'unknown' END AS coverage
      FROM priced AS p
      LEFT JOIN double AS d USING (person_id)
      LEFT JOIN LATERAL (
           SELECT *
             FROM insurance_coverage AS one
            WHERE one.organisation_id = %(organisation_id)s
              AND (one.patient_id = p.person_id OR one.patient_id = ANY (d.ids))
            ORDER BY one.status <> 'unknown' DESC, one.answered_at DESC NULLS LAST, one.id
            LIMIT 1) AS c ON true
)
SELECT patient_id, activity_id, on_day, cents,
       CASE WHEN main IN ('none', 'double') THEN 'open'
            WHEN done_count = 0 THEN 'nothing_done'
            WHEN is_claimed THEN 'claimed_already'
            WHEN cents IS NULL THEN 'no_tariff'
            WHEN coverage = 'unknown' THEN 'coverage_unknown'
            WHEN coverage = 'not_insured' THEN 'not_insured'
            ELSE '' END AS held,
       tariff_id
  FROM covered
