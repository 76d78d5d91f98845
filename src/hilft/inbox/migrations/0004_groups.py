"""New questions that keep coming, grouped."""

import django.db.models.deletion
import pgvector.django.halfvec
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0003_duplicate'),
        ('knowledge', '0004_moves_and_followers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Group',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('since', models.DateTimeField()),
                ('size', models.PositiveIntegerField()),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.question')),
            ],
        ),
        migrations.CreateModel(
            name='Stray',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('embedding', pgvector.django.halfvec.HalfVectorField(dimensions=200)),
                ('encoder', models.CharField(max_length=40)),
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stray', to='inbox.conversation')),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='strays', to='inbox.group')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inbox.message')),
            ],
        ),
        migrations.AddIndex(
            model_name='group',
            index=models.Index(condition=models.Q(('question', None)), fields=['-size', '-since'], name='group_open'),
        ),
    ]
