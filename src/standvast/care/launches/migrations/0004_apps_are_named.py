import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("launches", "0003_apps"),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name="version", name="launches_app_is_named"
        ),
    ]
