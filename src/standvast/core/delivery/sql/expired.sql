-- Which leases of a lane have expired, or belong to a courier that is gone: nobody holds its
-- number. It had its number before it leased, so a number that is not held now is never of one
-- that lives. Runs under the lane's lock.
SELECT id, lease_token, attempts_count, owed_at
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
ORDER BY id
LIMIT 1000
