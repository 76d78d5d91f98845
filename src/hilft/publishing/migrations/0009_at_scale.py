"""When each answer was used last."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0006_gaps'),
        ('inbox', '0009_at_scale'),
        ('knowledge', '0010_at_scale'),
        ('publishing', '0008_causes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['question', '-published_at'], name='placement_of_question'),
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['published_at', 'question'], name='placement_used'),
        ),
    ]
