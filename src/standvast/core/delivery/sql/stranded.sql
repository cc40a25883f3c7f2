-- Subjects on which everything stands behind something that is no longer there. Looks at each
-- subject once, however much stands on it; locks nothing.
WITH RECURSIVE held AS (
    (
        SELECT lane, subject FROM delivery_delivery
        WHERE is_behind ORDER BY lane, subject LIMIT 1
    )
    UNION ALL
    SELECT n.lane, n.subject
    FROM held h
    CROSS JOIN LATERAL (
        SELECT d.lane, d.subject FROM delivery_delivery d
        WHERE d.is_behind AND (d.lane, d.subject) > (h.lane, h.subject)
        ORDER BY d.lane, d.subject
        LIMIT 1
    ) n
)
SELECT h.lane, h.subject
FROM held h
WHERE NOT EXISTS (
    SELECT FROM delivery_delivery o
    WHERE o.lane = h.lane AND o.subject = h.subject AND o.is_open AND NOT o.is_behind
)
LIMIT 1000
