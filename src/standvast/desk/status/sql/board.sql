-- What is closed and told now or within the hour, as one JSON text: the copy every process keeps.
SELECT jsonb_build_object(
    'at', clock_timestamp(),
    'closures', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', id, 'function', function,
            'organisation_ids', CASE WHEN for_all THEN NULL ELSE to_jsonb(organisation_ids) END,
            'texts', jsonb_build_object('nl', text_nl, 'fr', text_fr, 'en', text_en),
            'from_at', from_at, 'until_at', until_at, 'incident_id', incident_id
        ) ORDER BY from_at, id), '[]'::jsonb)
        FROM (
            SELECT * FROM status_closure
            WHERE ended_at IS NULL AND (until_at IS NULL OR until_at > clock_timestamp())
              AND from_at < clock_timestamp() + interval '1 hour'
            ORDER BY from_at, id LIMIT 200
        ) c
    ),
    'notices', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', id, 'kind', kind, 'components', to_jsonb(components),
            'organisation_ids', CASE WHEN for_all THEN NULL ELSE to_jsonb(organisation_ids) END,
            'texts', jsonb_build_object('nl', text_nl, 'fr', text_fr, 'en', text_en),
            'from_at', from_at, 'until_at', until_at, 'incident_id', incident_id
        ) ORDER BY from_at, id), '[]'::jsonb)
        FROM (
            SELECT * FROM status_notice
            WHERE ended_at IS NULL AND (until_at IS NULL OR until_at > clock_timestamp())
              AND from_at < clock_timestamp() + interval '1 hour'
            ORDER BY from_at, id LIMIT 200
        ) n
    )
)::text
