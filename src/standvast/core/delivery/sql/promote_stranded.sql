-- Let the first open delivery of a subject stand in front. Under the lane's lock.
UPDATE delivery_delivery d
SET is_behind = false
FROM (
    SELECT id, is_behind
    FROM delivery_delivery
    WHERE lane = %(lane)s AND subject = %(subject)s AND is_open
    ORDER BY id
    LIMIT 1
) first
WHERE d.id = first.id AND first.is_behind
