-- How every lane stands, for the desk. Bounded whatever the backlog.
SELECT
    f.lane, f.is_paused, f.paused_at, f.paused_by, f.paused_why, f.breaker, f.faults_count,
    f.opened_at, f.openings_count, f.depth_count, f.depth_at, f.oldest_at, f.held_count,
    f.accepted_count, f.refused_count, f.later_count, f.answered_at, f.answer, f.reason_code,
    f.minute_at, f.minute_count, f.minute_before_count,
    (
        SELECT count(*) FROM delivery_delivery d WHERE d.lane = f.lane AND d.state = 'leased'
    ) AS under_way_count,
    (
        SELECT count(*)
        FROM (
            SELECT FROM delivery_delivery d
            WHERE d.lane = f.lane AND d.state = 'refused' AND d.handed_to = ''
            LIMIT 1000
        ) r
    ) AS needs_person_count
FROM delivery_laneflow f
WHERE %(lane)s::text IS NULL OR f.lane = %(lane)s::text
ORDER BY f.lane
