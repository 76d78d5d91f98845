"""Indexes for large stocks; the one of wordings' texts now serves the comparison that searches make."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0009_governance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "DROP INDEX wording_text_trgm;",
            "CREATE INDEX wording_text_trgm ON knowledge_wording USING gin (text gin_trgm_ops);",
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('merged_into', None)), fields=['-asked', 'title', 'id'], name='question_asked'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['topic'], name='question_topic'),
        ),
        migrations.AddIndex(
            model_name='vote',
            index=models.Index(condition=models.Q(('helped', False)), fields=['version'], name='vote_against'),
        ),
        migrations.AddIndex(
            model_name='wording',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('text'), name='gin_trgm_ops'), name='wording_text'),
        ),
    ]
