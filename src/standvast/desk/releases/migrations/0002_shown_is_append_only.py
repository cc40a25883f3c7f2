from django.db import migrations

FORBID = """
CREATE FUNCTION releases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence and broken glass are append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER releases_evidence_append_only BEFORE UPDATE OR DELETE ON releases_storedevidence
    FOR EACH ROW EXECUTE FUNCTION releases_refuse_change();
CREATE TRIGGER releases_glass_append_only BEFORE UPDATE OR DELETE ON releases_brokenglass
    FOR EACH ROW EXECUTE FUNCTION releases_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, migrations.RunSQL.noop)]
