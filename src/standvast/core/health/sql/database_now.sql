-- What the database probes judge, in one look at the server's own figures.
SELECT
    (SELECT count(*) FROM pg_stat_activity
     WHERE backend_type = 'client backend')::int AS used,
    current_setting('max_connections')::int
      - current_setting('superuser_reserved_connections')::int AS room,
    (SELECT count(*) FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND state_change < clock_timestamp() - interval '2 s'
       AND datname = current_database())::int AS stuck,
    (SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)
     FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend'
       AND pid <> pg_backend_pid())::float8 AS oldest_s,
    (SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)), 0)
     FROM pg_replication_slots
     WHERE slot_type = 'logical' AND database = current_database())::float8 AS lag_bytes,
    (SELECT xact_commit FROM pg_stat_database
     WHERE datname = current_database())::bigint AS commits
