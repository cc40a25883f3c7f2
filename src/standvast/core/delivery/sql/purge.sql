-- Empty payloads of what ended before an instant; receipts stay.
UPDATE delivery_delivery d
SET payload = ''::bytea, is_purged = true
FROM (
    SELECT id
    FROM delivery_delivery
    WHERE lane = %(lane)s AND settled_at < %(before)s AND NOT is_purged
      AND (state = 'accepted' OR handed_to <> '')
    ORDER BY settled_at
    LIMIT %(count_max)s
    FOR UPDATE SKIP LOCKED
) old
WHERE d.id = old.id
