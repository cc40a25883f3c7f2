-- Say of coverage which question is under way now. The rows are locked already.
UPDATE insurance_coverage v
SET check_under_way_id = a.check_id, asked_at = %(now)s
FROM unnest(%(coverage_ids)s::uuid[], %(check_ids)s::uuid[]) AS a (coverage_id, check_id)
WHERE v.id = a.coverage_id
