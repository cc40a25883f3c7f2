-- A practice with %(count)s patients in one programme, each seen twice in the quarter before this one;
-- of one in ten the insurers said nothing yet, one in fifty has no main practitioner.
WITH people AS (
    SELECT gen_random_uuid() AS patient_id, number,
           %(first_on)s::date + (number %% 80)::int AS day
      FROM generate_series(1, %(count)s) AS number
), enrolled AS (
    INSERT INTO insurance_enrolment (
           id, organisation_id, patient_id, programme, from_on, main, origin, recorded_at)
    SELECT gen_random_uuid(), %(organisation_id)s, patient_id, 'dm2', day - 700,
           CASE WHEN number %% 50 = 0 THEN 'none' ELSE 'here' END, 'here', now()
      FROM people
), done AS (
    INSERT INTO insurance_activity (
           id, organisation_id, patient_id, programme, code, done_on, partner, origin, recorded_at)
    SELECT gen_random_uuid(), %(organisation_id)s, patient_id, 'dm2', code, day, '', 'here', now()
      FROM people, unnest(ARRAY['yearly', 'feet']) AS code
)
INSERT INTO insurance_coverage (
       id, organisation_id, patient_id, status, code, answered_at, answered_on, insurer,
       insured_number, package, from_on)
SELECT gen_random_uuid(), %(organisation_id)s, patient_id, 'insured', 'insured', now(),
       now()::date, '9991', '', '', day - 900
  FROM people
 WHERE number %% 10 <> 0
