SELECT probe, verdict, row_verdict, row_count, row_began_at, since, observed_at, told_at,
       duration_ms, value, code, template, values
FROM health_standing
