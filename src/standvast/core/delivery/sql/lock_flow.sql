-- Lock a lane for this transaction, and read how it flows and what time it is.
-- A turn that neither leases nor settles need not wait for the disk; one that does says so in write_flow.
SELECT
    set_config('synchronous_commit', 'off', true),
    coalesce(%(now)s::timestamptz, clock_timestamp()),
    is_paused, breaker, faults_count, opened_at, openings_count, width_count, tokens, tokens_at,
    minute_at, minute_count, minute_before_count
FROM delivery_laneflow
WHERE lane = %(lane)s
FOR UPDATE
