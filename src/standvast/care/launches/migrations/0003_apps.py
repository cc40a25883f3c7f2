import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("launches", "0002_targets"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="app",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="version",
            name="opens",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AlterField(
            model_name="version",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed", "signed"),
                    ("form", "form"),
                    ("link", "link"),
                    ("smart", "smart"),
                    ("openid", "openid"),
                ],
                max_length=8,
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("app", ""), ("kind__in", ["form", "link", "signed"])),
                    models.Q(
                        ("kind__in", ["openid", "smart"]), models.Q(("app", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="launches_app_is_named",
            ),
        ),
    ]
