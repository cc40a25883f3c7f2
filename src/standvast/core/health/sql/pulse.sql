-- One row per running process; `stopped` is set by a graceful end only.
INSERT INTO health_pulse (instance, kind, pid, started_at, at, stopped_at, figures)
VALUES (
    %(instance)s, %(kind)s, %(pid)s, clock_timestamp(), clock_timestamp(),
    CASE WHEN %(stopped)s THEN clock_timestamp() END, %(figures)s::jsonb
)
ON CONFLICT (instance) DO UPDATE
SET at = excluded.at, stopped_at = excluded.stopped_at, figures = excluded.figures
