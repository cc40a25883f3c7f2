-- Gives every hold that was alive at the start of our silence the part of it that it saw.
UPDATE campaigns_order
   SET held_until = held_until + (%(now)s - greatest(%(silent_from)s, hold_taken_at)),
       given_back_ms = least(2000000000, given_back_ms + extract(
           epoch FROM %(now)s - greatest(%(silent_from)s, hold_taken_at))::bigint * 1000)
 WHERE season_id = %(season_id)s AND state = 'held'
   AND held_until >= %(silent_from)s AND hold_taken_at < %(now)s
