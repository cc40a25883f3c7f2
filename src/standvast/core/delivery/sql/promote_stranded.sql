-- Let the first open delivery of each subject stand in front. Under the lane's lock.
UPDATE delivery_delivery d
SET is_behind = false
FROM (
    SELECT DISTINCT ON (subject) id, is_behind
    FROM delivery_delivery
    WHERE lane = %(lane)s AND is_open
    ORDER BY subject, id
) first
WHERE d.id = first.id AND first.is_behind
  AND NOT EXISTS (
    SELECT FROM delivery_delivery o
    WHERE o.lane = d.lane AND o.subject = d.subject AND o.state = 'leased'
  )
