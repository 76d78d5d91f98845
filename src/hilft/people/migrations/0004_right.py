"""A right over answers that was granted to somebody."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_availability'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='right',
            field=models.CharField(blank=True, choices=[('candidate', 'candidate'), ('contributor', 'contributor'), ('publisher', 'publisher')], default='', max_length=15),
        ),
    ]
