-- The parent is green again and the child is still red: now it is news of its own.
UPDATE health_finding
SET below = '', heard_open = false
WHERE id = ANY(%(ids)s) AND ended_at IS NULL AND below <> ''
