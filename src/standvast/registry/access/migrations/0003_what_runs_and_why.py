import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_rules")]

    operations = [
        migrations.CreateModel(
            name="Running",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.TextField(max_length=200000)),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), size=None
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="access_one_running")
                ],
            },
        ),
        migrations.AddField(
            model_name="personalrule",
            name="purpose",
            field=models.CharField(
                blank=True,
                choices=[
                    ("urgent_care", "urgent_care"),
                    ("stand_in", "stand_in"),
                    ("other", "other"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="shadowreport",
            name="is_whole",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="shadowreport",
            name="live_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
