-- Which leases of a lane have expired. Runs under the lane's lock.
SELECT id, lease_token, attempts_count, owed_at
FROM delivery_delivery
WHERE lane = %(lane)s AND state = 'leased' AND lease_expires_at <= %(now)s
ORDER BY id
LIMIT 1000
