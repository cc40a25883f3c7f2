-- Who asks, in their season: address, bounds, and how many orders go to that address on the day
-- asked for. One lookup by key after another, whatever the planner knows.
SELECT asked.organisation_id, asked.season_id, c.kind, c.address_key, c.ordered_last,
       c.administered_last, k.doses_max, asked."on",
       coalesce((SELECT s.orders_count FROM campaigns_stop s
                  WHERE s.day_id = (SELECT d.id FROM campaigns_day d
                                     WHERE d.season_id = asked.season_id AND d."on" = asked."on")
                    AND s.address_key = c.address_key), 0)
  FROM unnest(%(season_ids)b::bigint[], %(organisation_ids)b::uuid[], %(dates)b::date[])
       AS asked (season_id, organisation_id, "on")
 CROSS JOIN LATERAL (
       SELECT * FROM campaigns_customer c
        WHERE c.season_id = asked.season_id AND c.organisation_id = asked.organisation_id
        LIMIT 1) AS c
 CROSS JOIN LATERAL (
       SELECT k.doses_max FROM campaigns_kindrule k
        WHERE k.season_id = asked.season_id AND k.kind = c.kind
        LIMIT 1) AS k
