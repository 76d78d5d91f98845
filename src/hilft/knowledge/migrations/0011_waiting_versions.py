"""Versions that wait for a second person, found without looking at every answer."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0010_at_scale'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(('closed_at', None), ('offered_at__isnull', False), ('published_at', None)), fields=['answer'], name='version_waiting'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(('released', 'inside')), fields=['answer'], name='version_inside'),
        ),
    ]
