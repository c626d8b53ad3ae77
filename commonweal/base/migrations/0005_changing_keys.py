from django.db import migrations, models

import commonweal.base.fields


class Migration(migrations.Migration):
    dependencies = [("base", "0004_who_may_be_forgotten")]

    operations = [
        migrations.CreateModel(
            name="Rekeying",
            fields=[
                ("mark", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("table", models.CharField(blank=True, default="", max_length=64)),
                ("after", models.CharField(blank=True, default="", max_length=64)),
                ("found", models.PositiveIntegerField(default=0)),
                ("rounds", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Secret",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("value", commonweal.base.fields.EncryptedTextField()),
            ],
        ),
    ]
