"""The tables themselves: partitioned by month, append-only, chained."""

from django.db import migrations

TABLES = """
CREATE TABLE journal_head (
    organisation_id uuid PRIMARY KEY,
    count bigint NOT NULL DEFAULT 0 CONSTRAINT journal_head_counts CHECK (count >= 0),
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
        CONSTRAINT journal_head_hash_is_whole CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 50);

CREATE TABLE journal_entry (
    organisation_id uuid NOT NULL,
    position bigint NOT NULL,
    at timestamptz NOT NULL,
    action text NOT NULL,
    event text NOT NULL,
    record_kind text NOT NULL,
    record_id text NOT NULL,
    person_id uuid,
    role text NOT NULL,
    on_behalf_of uuid,
    helping_from uuid,
    from_address text NOT NULL,
    outcome integer NOT NULL,
    purpose text NOT NULL,
    trace_id text NOT NULL,
    detail text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organisation_id, position, at),
    CONSTRAINT journal_entry_counts_from_one CHECK (position > 0),
    CONSTRAINT journal_entry_action_known CHECK (action IN ('C', 'R', 'U', 'D', 'E')),
    CONSTRAINT journal_entry_outcome_known CHECK (outcome IN (0, 4, 8, 12)),
    CONSTRAINT journal_entry_hash_is_whole CHECK (octet_length(hash) = 32),
    CONSTRAINT journal_entry_names_event CHECK (length(event) BETWEEN 1 AND 80),
    CONSTRAINT journal_entry_names_record CHECK (
        length(record_kind) BETWEEN 1 AND 40 AND length(record_id) <= 120),
    CONSTRAINT journal_entry_texts_bounded CHECK (
        length(role) <= 40 AND length(from_address) <= 64 AND length(purpose) <= 80
        AND length(trace_id) <= 64 AND length(detail) <= 4000),
    CONSTRAINT journal_entry_detail_is_object CHECK (detail IS JSON OBJECT)
) PARTITION BY RANGE (at);
CREATE INDEX journal_entry_by_record ON journal_entry (record_kind, record_id, at);
"""

GUARDS = """
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_head_stays BEFORE DELETE ON journal_head
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_head_not_emptied BEFORE TRUNCATE ON journal_head
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_head_only_grows BEFORE UPDATE ON journal_head
    FOR EACH ROW WHEN (NEW.count <= OLD.count OR NEW.organisation_id <> OLD.organisation_id)
    EXECUTE FUNCTION journal_refuse();
"""

PARTITIONS = """
CREATE TABLE journal_entry_default PARTITION OF journal_entry DEFAULT;
CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON journal_entry_default
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

CREATE FUNCTION journal_make_partition(month_on date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    from_on date := date_trunc('month', month_on)::date;
    until_on date := (date_trunc('month', month_on) + interval '1 month')::date;
    from_at timestamptz := from_on::timestamp AT TIME ZONE 'UTC';
    until_at timestamptz := until_on::timestamp AT TIME ZONE 'UTC';
    name text := 'journal_entry_' || to_char(from_on, '"y"YYYY"m"MM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN true;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('journal_make_partition'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN true;
    END IF;
    IF EXISTS (SELECT FROM journal_entry_default WHERE at >= from_at AND at < until_at) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE journal_entry INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE journal_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   name, from_at, until_at);
    EXECUTE format('CREATE TRIGGER journal_entry_not_emptied BEFORE TRUNCATE ON %I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()', name);
    RETURN true;
END $$;

SELECT journal_make_partition((now() AT TIME ZONE 'UTC' + make_interval(months => ahead))::date)
  FROM generate_series(0, 3) AS ahead;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL([PARTITIONS], migrations.RunSQL.noop),
    ]
