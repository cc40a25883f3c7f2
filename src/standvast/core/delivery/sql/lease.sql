-- Lease what is due, urgent first, oldest first with a share for the newest; only the first of
-- each subject. Others found on
-- the way are marked as standing behind, once, so that a stuck subject costs nothing later.
-- Runs under the lane's lock.
-- A courier whose number nobody holds any more leases nothing: others would give it back at once.
WITH courier AS MATERIALIZED (
    SELECT
        %(courier)s::integer IS NOT NULL
        AND pg_try_advisory_xact_lock(%(lock_class)s::integer, %(courier)s::integer) AS is_gone
), room AS (
    SELECT greatest(
        0,
        least(
            CASE WHEN (SELECT is_gone FROM courier) THEN 0 ELSE %(limit)s END,
            %(width)s - (
                SELECT count(*) FROM delivery_delivery WHERE lane = %(lane)s AND state = 'leased'
            )
        )
    ) AS places
), candidate AS MATERIALIZED (
    (
        SELECT c.id, c.subject
        FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS u (urgency)
        CROSS JOIN LATERAL (
            SELECT d.id, d.subject, d.due_at
            FROM delivery_delivery d
            WHERE d.lane = %(lane)s AND d.state = 'waiting' AND NOT d.is_behind
              AND d.urgency = u.urgency AND d.due_at <= %(now)s
            ORDER BY d.due_at, d.id
            LIMIT (SELECT places FROM room)
        ) c
        ORDER BY u.urgency, c.due_at, c.id
        LIMIT (SELECT greatest(0, places - %(newest)s) FROM room)
    )
    UNION
    -- A share for the newest: who hands in during a recovery does not wait for all of it.
    (
        SELECT c.id, c.subject
        FROM (VALUES (0::smallint), (1::smallint), (2::smallint)) AS u (urgency)
        CROSS JOIN LATERAL (
            SELECT d.id, d.subject, d.due_at
            FROM delivery_delivery d
            WHERE d.lane = %(lane)s AND d.state = 'waiting' AND NOT d.is_behind
              AND d.urgency = u.urgency AND d.due_at <= %(now)s
            ORDER BY d.due_at DESC, d.id DESC
            LIMIT least(%(newest)s, (SELECT places FROM room))
        ) c
        ORDER BY u.urgency, c.due_at DESC, c.id DESC
        LIMIT least(%(newest)s, (SELECT places FROM room))
    )
), judged AS MATERIALIZED (
    SELECT
        c.id,
        NOT EXISTS (
            SELECT FROM delivery_delivery o
            WHERE o.lane = %(lane)s AND o.subject = c.subject AND o.is_open AND o.id < c.id
        ) AND NOT EXISTS (
            SELECT FROM delivery_delivery o
            WHERE o.lane = %(lane)s AND o.subject = c.subject AND o.state = 'leased'
        ) AS is_first
    FROM candidate c
), leased AS (
    UPDATE delivery_delivery d
    SET state = 'leased',
        attempts_count = d.attempts_count + 1,
        lease_token = %(token)s,
        lease_expires_at = %(expires_at)s,
        lease_courier = %(courier)s::integer
    FROM judged j
    WHERE d.id = j.id AND j.is_first
    RETURNING d.id, d.subject, d.key, d.key_id, d.payload, d.attempts_count,
        d.created_at, d.owed_at
), behind AS (
    UPDATE delivery_delivery d
    SET is_behind = true
    FROM judged j
    WHERE d.id = j.id AND NOT j.is_first
    RETURNING d.id
)
SELECT l.*, (SELECT count(*) FROM behind) FROM leased l
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, (SELECT count(*) FROM behind)
WHERE NOT EXISTS (SELECT FROM leased)
