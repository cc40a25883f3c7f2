-- Lines that went and stand, and for which there is no ground any more: what was done was not done
-- after all, two rows turned out to be one person, somebody was not in the programme. They stay as
-- they went; somebody has to take them back. Follows on `WITH candidate AS (...)`.
UPDATE insurance_line AS l
   SET is_groundless = f.is_groundless
  FROM (SELECT o.id, (o.state IN ('submitted', 'approved')
                      AND coalesce(c.held, 'nothing_done') = 'nothing_done') AS is_groundless
          FROM insurance_line AS o
          LEFT JOIN candidate AS c ON c.patient_id = o.patient_id
                                  AND c.activity_id IS NOT DISTINCT FROM o.activity_id
         WHERE o.bundle_id = %(bundle_id)s AND o.submission_id IS NOT NULL
           AND o.credits_id IS NULL) AS f
 WHERE l.id = f.id AND l.is_groundless <> f.is_groundless
