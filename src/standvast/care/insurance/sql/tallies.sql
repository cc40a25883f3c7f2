-- Counts and sums of the newest bundles, as rules.claims.tally_of makes them of their lines.
SELECT b.id, b.programme, b.quarter, b.state, b.prepared_at,
       count(DISTINCT l.patient_id) AS delivered_count,
       count(DISTINCT l.patient_id) FILTER (WHERE is_sent) AS claimed_count,
       count(DISTINCT l.patient_id) FILTER (WHERE is_sent AND l.state = 'approved')
           AS approved_count,
       count(*) FILTER (WHERE l.is_groundless) AS groundless_count,
       count(*) FILTER (WHERE l.held = 'open') AS open_count,
       count(*) FILTER (WHERE l.state = 'draft') AS held_count,
       count(*) FILTER (WHERE l.state = 'in_bundle') AS ready_count,
       count(*) FILTER (WHERE l.state = 'in_bundle' AND l.version > 1) AS correcting_count,
       count(*) FILTER (WHERE is_sent AND l.answered_at IS NULL) AS submitted_count,
       count(*) FILTER (WHERE is_sent AND l.answered_at IS NOT NULL) AS answered_count,
       count(*) FILTER (WHERE l.state = 'rejected') AS rejected_count,
       coalesce(sum(l.cents) FILTER (WHERE l.state = 'draft'), 0)::bigint AS held_cents,
       coalesce(sum(l.cents) FILTER (WHERE l.state = 'in_bundle'), 0)::bigint AS ready_cents,
       coalesce(sum(l.cents) FILTER (WHERE is_sent), 0)::bigint AS claimed_cents,
       coalesce(sum(l.approved_cents), 0)::bigint AS approved_cents,
       coalesce(sum(l.rejected_cents), 0)::bigint AS rejected_cents,
       coalesce(sum(l.cents) FILTER (WHERE is_sent AND l.answered_at IS NULL), 0)::bigint
           AS awaited_cents,
       coalesce(sum(p.cents), 0)::bigint AS paid_cents
  FROM (SELECT *
          FROM insurance_bundle
         WHERE organisation_id = %(organisation_id)s
           AND (%(bundle_id)s::uuid IS NULL OR id = %(bundle_id)s)
         ORDER BY quarter DESC, programme
         LIMIT %(rows_max)s) AS b
  LEFT JOIN (SELECT *, submission_id IS NOT NULL AS is_sent
               FROM insurance_line WHERE state <> 'withdrawn') AS l ON l.bundle_id = b.id
  LEFT JOIN insurance_paymentrow AS p ON p.line_id = l.id
 GROUP BY b.id, b.programme, b.quarter, b.state, b.prepared_at
 ORDER BY b.quarter DESC, b.programme
