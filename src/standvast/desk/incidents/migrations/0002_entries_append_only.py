from django.db import migrations

FORBID = """
CREATE FUNCTION incidents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the timeline is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER incidents_entry_append_only BEFORE UPDATE OR DELETE ON incidents_entry
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse_change();
CREATE TRIGGER incidents_severity_append_only BEFORE UPDATE OR DELETE ON incidents_severitychange
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse_change();
CREATE FUNCTION incidents_done_stays_done() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.done_at IS NOT NULL THEN
        RAISE EXCEPTION 'a callback that was reached stays so'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_callback_done BEFORE UPDATE ON incidents_callback
    FOR EACH ROW EXECUTE FUNCTION incidents_done_stays_done();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, migrations.RunSQL.noop)]
