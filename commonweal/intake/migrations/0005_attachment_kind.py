from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0004_draft_offer"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="kind",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(condition=models.Q(("kind", "")), fields=["id"], name="attachment_new"),
        ),
    ]
