-- Give back leases of a lane that expired or whose courier is gone (see expired.sql); past the
-- bounds they need a person. Under the lane's lock.
WITH expired AS (
    SELECT
        id, lane, subject,
        attempts_count >= %(attempts_max)s OR owed_at <= %(owed_before)s AS given_up
    FROM delivery_delivery
    WHERE lane = %(lane)s AND state = 'leased' AND (
          lease_expires_at <= %(now)s
          OR lease_courier IS NOT NULL AND lease_courier <> ALL (
              ARRAY(
                  SELECT l.objid::integer
                  FROM pg_locks l
                  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                    AND l.classid = %(lock_class)s::oid
                    AND l.database = (
                      SELECT b.oid FROM pg_database b WHERE b.datname = current_database()
                    )
              )
          )
      )
    LIMIT 5000
), released AS (
    UPDATE delivery_delivery d
    SET state = CASE WHEN e.given_up THEN 'refused' ELSE 'waiting' END,
        is_open = NOT e.given_up OR %(holds)s,
        due_at = %(now)s,
        lease_token = NULL,
        lease_expires_at = NULL,
        lease_courier = NULL,
        settled_at = CASE WHEN e.given_up THEN %(now)s::timestamptz END,
        reason_code = CASE WHEN e.given_up THEN 'delivery.gave_up' ELSE 'delivery.lease_expired' END,
        receipt = CASE WHEN e.given_up THEN 'delivery.lease_expired' ELSE '' END
    FROM expired e
    WHERE d.id = e.id
    RETURNING d.id, d.lane, d.subject, d.is_open
), front AS (
    SELECT n.id
    FROM released r
    CROSS JOIN LATERAL (
        SELECT o.id, o.is_behind
        FROM delivery_delivery o
        WHERE o.lane = r.lane AND o.subject = r.subject AND o.is_open
          AND (r.is_open OR o.id <> r.id)
        ORDER BY o.id
        LIMIT 1
    ) n
    WHERE n.is_behind
), promoted AS (
    UPDATE delivery_delivery d SET is_behind = false FROM front WHERE d.id = front.id
)
SELECT count(*), pg_notify('delivery', min(lane)) FROM released HAVING count(*) > 0
