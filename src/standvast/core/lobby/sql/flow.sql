-- People inside, and how many finished in the last seconds.
SELECT (SELECT count(*) FROM lobby_place
         WHERE lobby_id = %(lobby_id)s AND state = 'admitted'),
       (SELECT count(*) FROM lobby_place
         WHERE lobby_id = %(lobby_id)s AND finished_at > %(since)s AND finished_at <= %(now)s)
