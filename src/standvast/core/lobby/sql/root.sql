-- The hash of all tickets that came before an instant, sorted, one a line: fairness.root_of.
SELECT count(*),
       encode(sha256(convert_to(
           coalesce(string_agg(ticket, E'\n' ORDER BY ticket COLLATE "C"), ''), 'UTF8')), 'hex')
  FROM lobby_place
 WHERE lobby_id = %(lobby_id)s AND joined_at < %(before_at)s
