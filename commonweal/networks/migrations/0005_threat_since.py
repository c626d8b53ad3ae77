from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("networks", "0004_vouched")]

    operations = [
        migrations.AddField(
            model_name="network",
            name="threat_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
