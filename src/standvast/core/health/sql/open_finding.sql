-- Write findings. Skipped: one whose id is there, one of which another is open, and one already
-- ended that overlaps with another of the same kind and place (two watches saw the same blind).
INSERT INTO health_finding (
    id, kind, target, variant, probe, code, template, values, began_at, opened_at, ended_at, below,
    heard_open, heard_end
)
SELECT id, kind, target, variant, probe, code, template, values, began_at, opened_at, ended_at,
       below, false, false
FROM jsonb_to_recordset(%(rows)s::jsonb) AS t(
    id uuid, kind text, target text, variant text, probe text, code text, template text,
    values jsonb, began_at timestamptz, opened_at timestamptz, ended_at timestamptz, below text
)
WHERE t.ended_at IS NULL OR NOT EXISTS (
    SELECT FROM health_finding f
    WHERE (f.kind, f.target, f.variant, f.probe) = (t.kind, t.target, t.variant, t.probe)
      AND f.opened_at <= t.ended_at AND (f.ended_at IS NULL OR f.ended_at >= t.opened_at)
)
ON CONFLICT DO NOTHING
