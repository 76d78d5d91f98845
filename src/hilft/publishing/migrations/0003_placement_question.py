"""Which question a reply belongs to, beside the text that it was made from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0004_moves_and_followers'),
        ('publishing', '0002_by_hand'),
    ]

    operations = [
        migrations.AddField(
            model_name='placement',
            name='question',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='knowledge.question'),
        ),
    ]
