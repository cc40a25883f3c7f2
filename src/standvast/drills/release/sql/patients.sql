-- What is there of each patient: in the register, what the insurers said, a claim that went.
SELECT
    asked.id,
    p.id IS NOT NULL,
    coalesce(c.status, ''),
    EXISTS (
        SELECT FROM insurance_line l
        WHERE l.patient_id = asked.id AND l.state NOT IN ('draft', 'in_bundle')
    )
FROM unnest(%(ids)s::uuid[]) AS asked (id)
LEFT JOIN patients_patient p ON p.id = asked.id
LEFT JOIN insurance_coverage c ON c.patient_id = asked.id
