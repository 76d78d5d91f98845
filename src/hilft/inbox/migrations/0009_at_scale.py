"""Conversations and verdicts that the lists of large desks begin from."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0006_gaps'),
        ('inbox', '0008_receipt'),
        ('knowledge', '0010_at_scale'),
        ('people', '0004_right'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state__in', ['open', 'later'])), fields=['state', 'assignee', 'waiting_since'], name='conversation_live'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('question__isnull', False)), fields=['last_message_at', 'question'], name='conversation_asking'),
        ),
        migrations.AddIndex(
            model_name='judgement',
            index=models.Index(condition=models.Q(('verdict__in', ['wrong', 'outdated'])), fields=['question', 'at', 'verdict'], name='judgement_against'),
        ),
    ]
