-- What is stored under these (lane, key) pairs, in the order asked.
SELECT d.digest, d.key_id
FROM unnest(%(lanes)s::text[], %(keys)s::text[]) WITH ORDINALITY AS u (lane, key, position)
LEFT JOIN LATERAL (
    SELECT digest, key_id FROM delivery_delivery d WHERE d.lane = u.lane AND d.key = u.key LIMIT 1
) d ON true
ORDER BY u.position
