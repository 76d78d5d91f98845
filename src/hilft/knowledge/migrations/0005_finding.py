"""Pairs of questions that get in each other's way."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0004_moves_and_followers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('two', 'asked in the same words'), ('contradiction', 'answered differently')], max_length=15)),
                ('evidence', models.JSONField(default=dict)),
                ('found_at', models.DateTimeField()),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.question')),
                ('other_wording', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.wording')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='knowledge.question')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledge.wording')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('kind'), models.F('question'), models.F('other'), name='finding_once')],
            },
        ),
    ]
