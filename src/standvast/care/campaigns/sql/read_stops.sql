-- The stops that a batch may move: each customer's address on the day asked for, and the stops of
-- the orders named or open. Read after the lock on their days.
SELECT s.day_id, s.address_key, s.orders_count
  FROM unnest(%(season_ids)s::bigint[], %(dates)s::date[], %(askers)s::uuid[])
       AS asked (season_id, "on", organisation_id)
  JOIN campaigns_customer c ON c.season_id = asked.season_id
   AND c.organisation_id = asked.organisation_id
  JOIN campaigns_day d ON d.season_id = asked.season_id AND d."on" = asked."on"
  JOIN campaigns_stop s ON s.day_id = d.id AND s.address_key = c.address_key
 UNION
SELECT s.day_id, s.address_key, s.orders_count
  FROM campaigns_order o
  JOIN campaigns_stop s ON s.day_id = o.day_id AND s.address_key = o.address_key
 WHERE o.id = ANY (%(order_ids)s::uuid[])
 UNION
SELECT s.day_id, s.address_key, s.orders_count
  FROM unnest(%(customer_seasons)s::bigint[], %(customers)s::uuid[]) AS w (season_id, id)
  JOIN campaigns_order o ON o.season_id = w.season_id AND o.organisation_id = w.id
   AND o.state IN ('held', 'confirmed')
  JOIN campaigns_stop s ON s.day_id = o.day_id AND s.address_key = o.address_key
