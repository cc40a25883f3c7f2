-- Add messages, in their order; those whose (lane, key) is there already are left out.
-- Numbers are given in the order of the messages, rows written in the order of their keys, so
-- that two sets which share keys wait for each other instead of deadlocking.
WITH wanted AS MATERIALIZED (
    SELECT nextval('delivery_delivery_id_seq') AS id, w.*
    FROM (
        SELECT *
        FROM ROWS FROM (json_to_recordset(%(messages)s::json) AS (
            lane text, subject text, key text, digest text, payload text, urgency smallint
        )) WITH ORDINALITY AS u (lane, subject, key, digest, payload, urgency, position)
        ORDER BY position
    ) w
), full_lane AS (
    SELECT f.lane
    FROM delivery_laneflow f
    WHERE f.lane IN (SELECT lane FROM wanted) AND f.depth_count >= f.depth_max
), added AS (
    INSERT INTO delivery_delivery (
        id, lane, subject, key, digest, key_id, payload, urgency, state, is_open, is_behind,
        is_purged, due_at, attempts_count, created_at, owed_at, reason_code, receipt, handed_to, note
    )
    SELECT
        id, lane, subject, key, decode(digest, 'base64'), %(key_id)s, decode(payload, 'base64'), urgency, 'waiting', true, false,
        false, %(now)s, 0, %(now)s, %(now)s, '', '', '', ''
    FROM wanted
    WHERE lane NOT IN (SELECT lane FROM full_lane)
    ORDER BY lane, key
    ON CONFLICT (lane, key) DO NOTHING
    RETURNING id, lane
), woken AS (
    -- A wake takes a lock that all commits with a wake share: none where a courier looks anyhow.
    SELECT pg_notify('delivery', a.lane)
    FROM (SELECT DISTINCT lane FROM added) a
    LEFT JOIN delivery_laneflow f ON f.lane = a.lane
    WHERE f.awake_until IS NULL OR f.awake_until < %(now)s
)
SELECT
    ARRAY(SELECT w.position FROM wanted w JOIN added a ON a.id = w.id ORDER BY w.position),
    (SELECT min(lane) FROM full_lane),
    (SELECT count(*) FROM woken)
