-- What a lane will attempt next: the first by the instant it is due.
SELECT c.id, c.key, c.subject, c.state, c.created_at, c.due_at, c.attempts_count, c.reason_code
FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS u (urgency)
CROSS JOIN LATERAL (
    SELECT d.*
    FROM delivery_delivery d
    WHERE d.lane = %(lane)s AND d.state = 'waiting' AND NOT d.is_behind AND d.urgency = u.urgency
    ORDER BY d.due_at, d.id
    LIMIT %(count_max)s
) c
ORDER BY u.urgency, c.due_at, c.id
LIMIT %(count_max)s
