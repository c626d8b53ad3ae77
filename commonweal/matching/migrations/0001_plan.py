import commonweal.base.clock
import commonweal.base.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.TENANT_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=commonweal.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('policy_number', models.PositiveIntegerField()),
                ('seed', models.PositiveIntegerField(default=0)),
                ('inputs', models.BinaryField()),
                ('outcome', models.BinaryField()),
                ('ids', models.BinaryField()),
                ('value', models.BigIntegerField(default=0)),
                ('bound', models.BigIntegerField(default=0)),
                ('wanted', models.PositiveIntegerField(default=0)),
                ('met', models.PositiveIntegerField(default=0)),
                ('offers', models.PositiveIntegerField(default=0)),
                ('costs', models.JSONField(blank=True, default=dict)),
                ('seconds', models.FloatField(default=0)),
                ('made_at', models.DateTimeField(default=commonweal.base.clock.now)),
                ('network', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.TENANT_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['network', '-made_at', '-id'], name='plan_newest')],
            },
        ),
    ]
