-- Record answers, each fenced by the token of its lease, and let the next of each subject stand
-- in front. Answers of a lease that was lost change nothing and are not returned.
WITH answer AS (
    SELECT *
    FROM unnest(
        %(ids)s::bigint[], %(tokens)s::uuid[], %(states)s::text[], %(opens)s::boolean[],
        %(dues)s::timestamptz[], %(not_befores)s::timestamptz[], %(reasons)s::text[],
        %(receipts)s::text[]
    ) AS u (id, token, state, is_open, due_at, not_before, reason_code, receipt)
), settled AS (
    UPDATE delivery_delivery d
    SET state = a.state,
        is_open = a.is_open,
        due_at = a.due_at,
        not_before = a.not_before,
        lease_token = NULL,
        lease_expires_at = NULL,
        lease_courier = NULL,
        reason_code = a.reason_code,
        receipt = a.receipt,
        settled_at = CASE WHEN a.state = 'waiting' THEN NULL ELSE %(now)s::timestamptz END
    FROM answer a
    WHERE d.id = a.id AND d.lease_token = a.token AND d.state = 'leased'
    RETURNING d.id, d.lane, d.subject, d.is_open, d.state
), front AS (
    SELECT n.id
    FROM settled s
    CROSS JOIN LATERAL (
        SELECT o.id, o.is_behind
        FROM delivery_delivery o
        WHERE o.lane = s.lane AND o.subject = s.subject AND o.is_open
          AND (s.is_open OR o.id <> s.id)
        ORDER BY o.id
        LIMIT 1
    ) n
    WHERE n.is_behind
), promoted AS (
    UPDATE delivery_delivery d SET is_behind = false FROM front WHERE d.id = front.id
)
SELECT id, state FROM settled
