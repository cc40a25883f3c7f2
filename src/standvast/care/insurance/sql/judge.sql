-- Lines that have not gone are brought up to date with what is known now; one for which there is no
-- ground any more is withdrawn, and a later version comes back when there is. Follows on
-- `WITH candidate AS (...)`.
UPDATE insurance_line AS l
   SET "on" = coalesce(f.on_day, l."on"), cents = coalesce(f.cents, 0),
       tariff_id = f.tariff_id, held = coalesce(f.held, ''),
       state = CASE WHEN f.held IS NULL THEN 'withdrawn'
                    WHEN f.held = '' THEN 'in_bundle'
                    ELSE 'draft' END
  FROM (SELECT o.id, c.on_day, c.cents, c.held, c.tariff_id
          FROM insurance_line AS o
          LEFT JOIN candidate AS c ON c.patient_id = o.patient_id
                                  AND c.activity_id IS NOT DISTINCT FROM o.activity_id
         WHERE o.bundle_id = %(bundle_id)s AND o.credits_id IS NULL
           AND (o.state IN ('draft', 'in_bundle') OR (o.state = 'withdrawn' AND o.version > 1))
       ) AS f
 WHERE l.id = f.id
   AND (l."on", l.cents, l.tariff_id, l.held, l.state = 'withdrawn')
       IS DISTINCT FROM (coalesce(f.on_day, l."on"), coalesce(f.cents, 0), f.tariff_id,
                         coalesce(f.held, ''), f.held IS NULL)
