-- The faulty twin's calendar: only what is fixed counts, so that full days look free.
SELECT d.season_id, d.id, d."on", d.doses_max, coalesce(fixed.doses, 0), d.addresses_max,
       coalesce(fixed.addresses, 0), d.is_closed, d.version
  FROM campaigns_day d
  LEFT JOIN (SELECT day_id, sum(doses)::int AS doses,
                    count(DISTINCT address_key)::int AS addresses
               FROM campaigns_order WHERE state = 'confirmed' GROUP BY day_id) AS fixed
    ON fixed.day_id = d.id
 WHERE d.season_id = ANY (%(season_ids)s::bigint[])
 ORDER BY d.season_id, d."on"
