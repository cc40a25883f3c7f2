-- Let deliveries that wait for their next attempt have it now. Under the lane's lock.
UPDATE delivery_delivery d
SET due_at = %(now)s
FROM (
    SELECT id
    FROM delivery_delivery
    WHERE lane = %(lane)s AND state = 'waiting' AND NOT is_behind AND due_at > %(now)s
      AND (%(id)s::bigint IS NULL OR id = %(id)s::bigint)
    LIMIT %(count_max)s
) late
WHERE d.id = late.id
RETURNING d.id
