-- Take a delivery off its lane: a person does it by hand. What stands behind it moves up.
-- Under the lane's lock.
WITH taken AS (
    UPDATE delivery_delivery d
    SET state = 'refused', is_open = false, is_behind = false, handed_to = %(handed_to)s,
        note = %(note)s, settled_at = coalesce(d.settled_at, %(now)s),
        reason_code = CASE WHEN d.state = 'refused' THEN d.reason_code
                           ELSE 'delivery.handed_over' END
    WHERE d.id = %(id)s AND d.lane = %(lane)s AND d.state IN ('waiting', 'refused')
    RETURNING d.id, d.lane, d.subject
), front AS (
    SELECT n.id
    FROM taken t
    CROSS JOIN LATERAL (
        SELECT o.id, o.is_behind
        FROM delivery_delivery o
        WHERE o.lane = t.lane AND o.subject = t.subject AND o.is_open AND o.id <> t.id
        ORDER BY o.id
        LIMIT 1
    ) n
    WHERE n.is_behind
), promoted AS (
    UPDATE delivery_delivery d SET is_behind = false FROM front WHERE d.id = front.id
)
SELECT id FROM taken
