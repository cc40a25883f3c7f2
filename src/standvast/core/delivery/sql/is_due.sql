-- Whether anything of a lane could be leased now, as far as the deliveries go. Locks nothing.
SELECT EXISTS (
    SELECT FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS u (urgency)
    CROSS JOIN LATERAL (
        SELECT d.id
        FROM delivery_delivery d
        WHERE d.lane = %(lane)s AND d.state = 'waiting' AND NOT d.is_behind
          AND d.urgency = u.urgency AND d.due_at <= clock_timestamp()
        LIMIT 1
    ) c
)
