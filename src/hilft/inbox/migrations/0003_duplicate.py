"""Links that say: this was asked before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0002_message_addressed'),
        ('knowledge', '0004_moves_and_followers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Duplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField()),
                ('moved', models.JSONField(default=list)),
                ('made', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('contested_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duplicates', to='inbox.conversation')),
                ('judgement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='inbox.judgement')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duplicates', to='knowledge.question')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.wording')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('conversation'), condition=models.Q(('undone_at', None)), name='duplicate_once')],
            },
        ),
    ]
