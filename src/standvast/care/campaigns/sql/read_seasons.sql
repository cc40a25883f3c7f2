-- The terms of all seasons: few rows, read with every batch so that a pause counts at once.
SELECT id, slug, programme, year, state, opens_at, doors_at, closes_at, paused_at, step, hold_s,
       change_working_days_min, ceiling_percent, lobby, region
  FROM campaigns_season
 WHERE state <> 'closed' OR id = ANY (%(season_ids)s::bigint[])
