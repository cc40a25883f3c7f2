-- Stops as counted under the lock on their days; one without orders goes.
WITH w AS MATERIALIZED (
    SELECT * FROM unnest(%(day_ids)b::bigint[], %(address_keys)b::text[], %(counts)b::int[])
        AS w (day_id, address_key, orders_count)
), gone AS (
    DELETE FROM campaigns_stop AS s USING w
     WHERE s.day_id = w.day_id AND s.address_key = w.address_key AND w.orders_count = 0
)
INSERT INTO campaigns_stop (day_id, address_key, orders_count)
SELECT day_id, address_key, orders_count FROM w WHERE orders_count > 0
ON CONFLICT (day_id, address_key) DO UPDATE SET orders_count = excluded.orders_count
