-- Count what is open per lane, its oldest, and the subjects on which something stands behind.
-- Reads an index of open deliveries only; the deeper a lane, the less often.
UPDATE delivery_laneflow f
SET depth_count = c.depth_count, oldest_at = c.oldest_at, held_count = c.held_count,
    depth_at = %(now)s
FROM (
    SELECT
        g.lane, coalesce(sum(s.open_count), 0) AS depth_count, min(s.oldest_at) AS oldest_at,
        count(*) FILTER (WHERE s.open_count > 1) AS held_count
    FROM delivery_laneflow g
    LEFT JOIN LATERAL (
        SELECT d.subject, count(*) AS open_count, min(d.created_at) AS oldest_at
        FROM delivery_delivery d
        WHERE d.lane = g.lane AND d.is_open
        GROUP BY d.subject
    ) s ON true
    WHERE (%(lane)s::text IS NULL OR g.lane = %(lane)s::text)
      AND (
        g.depth_at IS NULL
        OR %(now)s - g.depth_at >= least(
            interval '60 seconds',
            greatest(interval '2 seconds', g.depth_count * interval '20 microseconds')
        )
      )
    GROUP BY g.lane
) c
WHERE f.lane = c.lane
