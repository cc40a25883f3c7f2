-- Append looks and add them to their hour; a look that is there already changes nothing.
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS t(
        id uuid, probe text, at timestamptz, verdict text, duration_ms int, value float8, code text
    )
), fresh AS (
    INSERT INTO health_observation (id, probe, at, verdict, duration_ms, value, code)
    SELECT id, probe, at, verdict, duration_ms, value, code FROM given
    ON CONFLICT (id) DO NOTHING
    RETURNING probe, at, verdict, duration_ms
)
INSERT INTO health_hour AS h (
    probe, hour, green_count, red_count, unknown_count, duration_ms_sum, duration_ms_max
)
SELECT probe, date_trunc('hour', at, 'UTC'),
       count(*) FILTER (WHERE verdict = 'green'), count(*) FILTER (WHERE verdict = 'red'),
       count(*) FILTER (WHERE verdict = 'unknown'), sum(duration_ms), max(duration_ms)
FROM fresh GROUP BY 1, 2
ON CONFLICT (probe, hour) DO UPDATE SET
    green_count = h.green_count + excluded.green_count,
    red_count = h.red_count + excluded.red_count,
    unknown_count = h.unknown_count + excluded.unknown_count,
    duration_ms_sum = h.duration_ms_sum + excluded.duration_ms_sum,
    duration_ms_max = greatest(h.duration_ms_max, excluded.duration_ms_max)
