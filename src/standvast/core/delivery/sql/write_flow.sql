-- Write how a lane flows after a turn. Runs under the lane's lock. Its commit waits for the disk as the
-- server has it, and with it all that the turn saw: what is attempted outside was handed in for good.
UPDATE delivery_laneflow
SET breaker = %(breaker)s,
    faults_count = %(faults_count)s,
    opened_at = %(opened_at)s,
    openings_count = %(openings_count)s,
    width_count = %(width_count)s,
    tokens = %(tokens)s,
    tokens_at = %(tokens_at)s,
    awake_until = coalesce(%(awake_until)s, awake_until),
    accepted_count = accepted_count + %(accepted)s,
    refused_count = refused_count + %(refused)s,
    later_count = later_count + %(later)s,
    answered_at = coalesce(%(answered_at)s, answered_at),
    answer = coalesce(%(answer)s, answer),
    reason_code = coalesce(%(reason_code)s, reason_code),
    minute_at = %(minute_at)s,
    minute_count = %(minute_count)s,
    minute_before_count = %(minute_before_count)s
WHERE lane = %(lane)s
RETURNING set_config('synchronous_commit', NULL, true)
