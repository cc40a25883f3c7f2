-- Locks, in key order, the days of holds whose time is over; at most so many holds at once.
SELECT d.id
  FROM campaigns_day d
 WHERE d.id IN (
       SELECT o.day_id
         FROM campaigns_order o JOIN campaigns_season s ON s.id = o.season_id
        WHERE o.state = 'held' AND o.held_until < %(before)s AND s.state <> 'paused'
        ORDER BY o.held_until
        LIMIT %(count_max)s)
 ORDER BY d.id
   FOR NO KEY UPDATE
