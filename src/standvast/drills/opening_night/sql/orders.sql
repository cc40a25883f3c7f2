-- Every order of the season, whatever became of it.
SELECT o.id::text, o.state, o.key_hold, extract(epoch FROM o.confirmed_at)::float8
  FROM campaigns_order o JOIN campaigns_season s ON s.id = o.season_id
 WHERE s.slug = %(season)s
