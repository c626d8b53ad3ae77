"""A trial may be stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_trial_life")]

    operations = [
        migrations.AlterField(
            model_name="policytrial",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting for its turn"),
                    ("running", "Being worked out"),
                    ("done", "Worked out"),
                    ("failed", "Could not be worked out"),
                    ("stopped", "Stopped"),
                    ("needless", "Changes nothing about who is found"),
                ],
                default="waiting",
                max_length=8,
            ),
        ),
    ]
