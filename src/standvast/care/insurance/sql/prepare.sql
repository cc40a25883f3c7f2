-- A line for each candidate that has none; one that was withdrawn before it went comes back. Lines
-- that went stay as they are. Follows on `WITH candidate AS (...)`.
INSERT INTO insurance_line AS l (
       id, bundle_id, organisation_id, patient_id, programme, quarter, activity_id, version, "on",
       cents, tariff_id, held, state, reason, is_groundless, recorded_at)
SELECT gen_random_uuid(), %(bundle_id)s, %(organisation_id)s, patient_id, %(programme)s,
       %(quarter)s, activity_id, 1, on_day, coalesce(cents, 0), tariff_id, held,
       CASE WHEN held = '' THEN 'in_bundle' ELSE 'draft' END, '', false, %(now)s
  FROM candidate
ON CONFLICT (organisation_id, patient_id, programme, quarter, activity_id, version) DO UPDATE
   SET "on" = excluded."on", cents = excluded.cents, tariff_id = excluded.tariff_id,
       held = excluded.held, state = excluded.state
 WHERE l.state = 'withdrawn'
