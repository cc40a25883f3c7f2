-- Put refused deliveries back on their lane, by hand. Under the lane's lock.
UPDATE delivery_delivery d
SET state = 'waiting', is_open = true, is_behind = false, due_at = %(now)s, owed_at = %(now)s,
    attempts_count = 0, settled_at = NULL, receipt = '', handed_to = '', note = ''
WHERE d.id = ANY (%(ids)s::bigint[]) AND d.lane = %(lane)s AND d.state = 'refused'
  AND NOT d.is_purged
RETURNING d.id
