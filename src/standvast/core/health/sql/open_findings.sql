SELECT id, kind, target, variant, probe, code, template, values, began_at, opened_at, ended_at,
       below
FROM health_finding
WHERE ended_at IS NULL
ORDER BY opened_at, id
LIMIT 500
