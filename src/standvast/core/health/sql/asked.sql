-- Transactions asked for and carried, as the living processes count them.
SELECT coalesce(sum((figures ->> 'asked')::float8), 0),
       coalesce(sum((figures ->> 'carried')::float8), 0),
       string_agg(instance, ',' ORDER BY instance)
FROM health_pulse
WHERE stopped_at IS NULL AND at > clock_timestamp() - interval '10 s' AND figures ? 'asked'
