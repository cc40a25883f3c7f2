-- Write down where probes stand; what was seen later stays.
INSERT INTO health_standing AS s (
    probe, target, variant, verdict, row_verdict, row_count, row_began_at, since, observed_at,
    told_at, duration_ms, value, code, template, values
)
SELECT probe, target, variant, verdict, row_verdict, row_count, row_began_at, since, observed_at,
       told_at, duration_ms, value, code, template, values
FROM jsonb_to_recordset(%(rows)s::jsonb) AS t(
    probe text, target text, variant text, verdict text, row_verdict text, row_count int,
    row_began_at timestamptz, since timestamptz, observed_at timestamptz, told_at timestamptz,
    duration_ms int, value float8, code text, template text, values jsonb
)
ON CONFLICT (probe) DO UPDATE SET
    target = excluded.target, variant = excluded.variant, verdict = excluded.verdict,
    row_verdict = excluded.row_verdict, row_count = excluded.row_count,
    row_began_at = excluded.row_began_at, since = excluded.since,
    observed_at = excluded.observed_at, told_at = excluded.told_at,
    duration_ms = excluded.duration_ms, value = excluded.value, code = excluded.code,
    template = excluded.template, values = excluded.values
WHERE s.observed_at IS NULL OR s.observed_at <= excluded.observed_at
