-- How many people were in each programme of one organisation on the last day of each month.
SELECT e.programme, m.first_on::date, count(DISTINCT e.patient_id)
  FROM generate_series(
         %(from_on)s::timestamp, %(until_on)s::timestamp - interval '1 month', interval '1 month'
       ) AS m(first_on)
  JOIN insurance_enrolment e
    ON e.organisation_id = %(organisation_id)s
   AND e.from_on < m.first_on + interval '1 month'
   AND (e.until_on IS NULL OR e.until_on >= m.first_on + interval '1 month')
 GROUP BY e.programme, m.first_on
