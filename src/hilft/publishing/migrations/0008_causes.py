"""Replies to many can tell that a cause is closed; nobody is told twice."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0009_governance'),
        ('people', '0004_right'),
        ('publishing', '0007_draft_facts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.AddField(
            model_name='groupreply',
            name='cause',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='group_replies', to='knowledge.cause'),
        ),
        migrations.AddField(
            model_name='groupreply',
            name='texts',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='groupreply',
            name='question',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='group_replies', to='knowledge.question'),
        ),
        migrations.AlterField(
            model_name='groupreply',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='knowledge.version'),
        ),
        migrations.AddConstraint(
            model_name='groupreply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', None), ('question__isnull', False), ('version__isnull', False)), models.Q(('cause__isnull', False), ('question', None), ('version', None)), _connector='OR'), name='group_reply_of_question_or_cause'),
        ),
        migrations.AddField(
            model_name='told',
            name='cause',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='knowledge.cause'),
        ),
        migrations.AddField(
            model_name='told',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.contact'),
        ),
        migrations.AddField(
            model_name='told',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='publishing.draft'),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.UniqueConstraint(models.F('cause'), models.F('contact'), name='told_once'),
        ),
    ]
