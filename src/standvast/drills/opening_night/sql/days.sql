-- Every day with its capacities, its counters, and its open orders added up anew.
SELECT d."on"::text, d.doses_max, d.doses_taken, coalesce(sum(o.doses), 0)::int,
       d.addresses_max, d.addresses_taken, count(DISTINCT o.address_key)::int
  FROM campaigns_day d
  JOIN campaigns_season s ON s.id = d.season_id
  LEFT JOIN campaigns_order o ON o.day_id = d.id AND o.state IN ('held', 'confirmed')
 WHERE s.slug = %(season)s
 GROUP BY d.id
