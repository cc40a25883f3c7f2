-- Give a lane its row, or keep its bound up to date.
INSERT INTO delivery_laneflow (
    lane, is_paused, paused_why, breaker, faults_count, openings_count, width_count, tokens,
    depth_count, held_count, depth_max, accepted_count, refused_count, later_count, answer, reason_code,
    minute_count, minute_before_count
)
VALUES (
    %(lane)s, false, '', 'closed', 0, 0, 1000000, 0, 0, 0, %(depth_max)s, 0, 0, 0, '', '', 0, 0
)
ON CONFLICT (lane) DO UPDATE SET depth_max = excluded.depth_max
WHERE delivery_laneflow.depth_max <> excluded.depth_max
