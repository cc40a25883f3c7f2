SELECT EXISTS (
    SELECT FROM health_pulse
    WHERE kind = 'watch' AND stopped_at IS NULL AND (figures ->> 'leads')::boolean
      AND at > clock_timestamp() - make_interval(secs => %(within)s)
)
