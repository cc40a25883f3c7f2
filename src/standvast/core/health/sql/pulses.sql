SELECT kind, extract(epoch FROM clock_timestamp() - at)::float8, figures
FROM health_pulse
WHERE stopped_at IS NULL AND at > clock_timestamp() - interval '1 hour'
ORDER BY kind, instance
LIMIT 500
