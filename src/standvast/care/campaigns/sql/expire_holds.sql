-- Ends holds whose time is over and frees both counters in one move. Their days are locked.
WITH ended AS (
    UPDATE campaigns_order AS o SET state = 'expired', ended_at = %(now)s
      FROM campaigns_season s
     WHERE s.id = o.season_id AND s.state <> 'paused'
       AND o.state = 'held' AND o.held_until < %(before)s
       AND o.day_id = ANY (%(day_ids)s::bigint[])
    RETURNING o.id, o.organisation_id, o.day_id, o.address_key, o.doses
), fewer AS (
    SELECT s.day_id, s.address_key, s.orders_count - count(*) AS left_count
      FROM ended JOIN campaigns_stop s USING (day_id, address_key)
     GROUP BY s.day_id, s.address_key, s.orders_count
), gone AS (
    DELETE FROM campaigns_stop AS s USING fewer
     WHERE s.day_id = fewer.day_id AND s.address_key = fewer.address_key
       AND fewer.left_count = 0
), lowered AS (
    UPDATE campaigns_stop AS s SET orders_count = fewer.left_count
      FROM fewer
     WHERE s.day_id = fewer.day_id AND s.address_key = fewer.address_key
       AND fewer.left_count > 0
), freed AS (
    UPDATE campaigns_day AS d
       SET doses_taken = d.doses_taken - per_day.doses,
           addresses_taken = d.addresses_taken - per_day.addresses,
           version = d.version + 1
      FROM (SELECT ended.day_id, sum(ended.doses) AS doses,
                   (SELECT count(*) FROM fewer
                     WHERE fewer.day_id = ended.day_id AND fewer.left_count = 0) AS addresses
              FROM ended GROUP BY ended.day_id) AS per_day
     WHERE d.id = per_day.day_id
)
SELECT id, organisation_id, day_id, doses FROM ended ORDER BY organisation_id
