-- Count what waits or is under way, per lane; an index of open deliveries only is read.
UPDATE delivery_laneflow f
SET depth_count = coalesce(c.depth_count, 0), depth_at = %(now)s
FROM (
    SELECT g.lane, count(d.id) AS depth_count
    FROM (SELECT lane FROM delivery_laneflow) g
    LEFT JOIN delivery_delivery d ON d.lane = g.lane AND d.is_open AND d.state <> 'refused'
    GROUP BY g.lane
) c
WHERE f.lane = c.lane
