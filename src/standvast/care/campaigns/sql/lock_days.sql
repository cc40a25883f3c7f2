-- Locks, in key order, every day that the batch may move: those asked for, those of the orders
-- named, and those of the open orders of everybody who asks. Whoever moves an order holds its
-- day's lock; nothing else needs one.
SELECT d.id, d.season_id, d."on", d.doses_max, d.doses_taken, d.addresses_max, d.addresses_taken,
       d.is_closed, d.version
  FROM campaigns_day d
 WHERE d.id IN (
       SELECT w.id
         FROM unnest(%(season_ids)s::bigint[], %(dates)s::date[]) AS asked (season_id, "on")
         JOIN campaigns_day w ON w.season_id = asked.season_id AND w."on" = asked."on"
        UNION
       SELECT o.day_id FROM campaigns_order o WHERE o.id = ANY (%(order_ids)s::uuid[])
        UNION
       SELECT o.day_id
         FROM unnest(%(customer_seasons)s::bigint[], %(customers)s::uuid[]) AS c (season_id, id)
         JOIN campaigns_order o ON o.season_id = c.season_id AND o.organisation_id = c.id
          AND o.state IN ('held', 'confirmed'))
 ORDER BY d.id
   FOR NO KEY UPDATE
