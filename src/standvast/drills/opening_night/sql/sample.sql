-- Which days are full at this moment, by the counters that the table itself guards.
SELECT d."on"::text,
       d.doses_max - d.doses_taken < s.step OR d.addresses_max - d.addresses_taken < 1,
       extract(epoch FROM clock_timestamp())::float8
  FROM campaigns_day d JOIN campaigns_season s ON s.id = d.season_id
 WHERE s.slug = %(season)s
