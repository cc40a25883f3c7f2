-- Every day of the seasons that are shown, as its counters stand.
SELECT d.season_id, d.id, d."on", d.doses_max, d.doses_taken, d.addresses_max, d.addresses_taken,
       d.is_closed, d.version
  FROM campaigns_day d
 WHERE d.season_id = ANY (%(season_ids)s::bigint[])
 ORDER BY d.season_id, d."on"
