-- End findings; an end that stands is not moved.
UPDATE health_finding f
SET ended_at = greatest(t.ended_at, f.opened_at)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS t(id uuid, ended_at timestamptz)
WHERE f.id = t.id AND f.ended_at IS NULL
