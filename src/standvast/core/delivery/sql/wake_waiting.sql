-- The peer answers again: let what waits for its next attempt have it now, at most as many as are
-- named, and never before an instant that the peer itself asked for. Under the lane's lock.
UPDATE delivery_delivery d
SET due_at = greatest(%(now)s::timestamptz, d.not_before)
FROM (
    SELECT c.id
    FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS u (urgency)
    CROSS JOIN LATERAL (
        SELECT o.id, o.due_at
        FROM delivery_delivery o
        WHERE o.lane = %(lane)s AND o.state = 'waiting' AND NOT o.is_behind
          AND o.urgency = u.urgency AND o.due_at > %(now)s AND o.attempts_count > 0
          AND o.due_at > coalesce(o.not_before, %(now)s)
        ORDER BY o.due_at, o.id
        LIMIT %(count_max)s
    ) c
    ORDER BY u.urgency, c.due_at, c.id
    LIMIT %(count_max)s
) late
WHERE d.id = late.id
