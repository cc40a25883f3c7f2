from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="intent",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="launch",
            name="intent",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
    ]
