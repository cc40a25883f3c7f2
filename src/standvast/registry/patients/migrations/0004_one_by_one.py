from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("patients", "0003_import_place")]
    operations = [
        AddIndexConcurrently(
            model_name="patient",
            index=models.Index(
                fields=["organisation", "id"],
                condition=models.Q(("merged_into__isnull", True)),
                name="patients_one_by_one",
            ),
        ),
    ]
