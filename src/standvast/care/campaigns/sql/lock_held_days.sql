-- Locks, in key order, every day of a season that has holds: their clocks are about to move.
SELECT d.id
  FROM campaigns_day d
 WHERE d.season_id = %(season_id)s
   AND EXISTS (SELECT FROM campaigns_order o WHERE o.day_id = d.id AND o.state = 'held')
 ORDER BY d.id
   FOR NO KEY UPDATE
