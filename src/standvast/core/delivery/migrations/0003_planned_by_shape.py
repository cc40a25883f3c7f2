"""Plan by the shape of the table, not by what filled it yesterday.

A lane that was empty when statistics were taken looks empty to the planner while it fills: it then
reads the whole lane to find whether one delivery is the first of its subject, twenty times slower at
10,000 waiting. Without statistics of these columns every lane is planned alike, and by index.
Declaring the type once more drops the statistics that are there; it rewrites nothing.
"""

from django.db import migrations

COLUMNS = {
    "lane": "varchar(60)",
    "subject": "varchar(200)",
    "state": "varchar(8)",
    "is_open": "boolean",
    "is_behind": "boolean",
    "urgency": "smallint",
    "due_at": "timestamptz",
}

SHAPE = "ALTER TABLE delivery_delivery " + ", ".join(
    f"ALTER COLUMN {column} SET STATISTICS 0, ALTER COLUMN {column} TYPE {kind}"
    for column, kind in COLUMNS.items()
)


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_tuned_for_turnover")]
    operations = [migrations.RunSQL(SHAPE, migrations.RunSQL.noop)]
