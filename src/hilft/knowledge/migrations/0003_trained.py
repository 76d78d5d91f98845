"""Two encoders' vectors beside a trained projection of them, which is what is searched; objections; calibration."""

import django.db.models.deletion
import pgvector.django.halfvec
from django.conf import settings
from django.db import migrations, models

INDEX = """
CREATE INDEX wording_embedding ON knowledge_wording USING hnsw (embedding halfvec_cosine_ops)
  WHERE removed_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0002_search_and_immutability"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("DROP INDEX wording_embedding;", INDEX),
        migrations.RemoveField("wording", "embedding"),
        migrations.AddField(
            "wording", "embedding", pgvector.django.halfvec.HalfVectorField(dimensions=200, null=True)
        ),
        migrations.AddField("wording", "vector", pgvector.django.halfvec.HalfVectorField(dimensions=896, null=True)),
        migrations.AddField("wording", "projected", models.CharField(blank=True, default="", max_length=40)),
        migrations.RunSQL("UPDATE knowledge_wording SET encoder = '';", ""),
        migrations.RunSQL(INDEX, "DROP INDEX wording_embedding;"),
        migrations.CreateModel(
            name="Matching",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bar", models.FloatField(default=0.35)),
                ("slope", models.FloatField(default=1.0)),
                ("offset", models.FloatField(default=0.0)),
                ("verdicts", models.PositiveIntegerField(default=0)),
                ("calibrated_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Miss",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=600)),
                ("vector", pgvector.django.halfvec.HalfVectorField(dimensions=896, null=True)),
                ("encoder", models.CharField(blank=True, default="", max_length=40)),
                ("embedding", pgvector.django.halfvec.HalfVectorField(dimensions=200, null=True)),
                ("projected", models.CharField(blank=True, default="", max_length=40)),
                ("source_message", models.BigIntegerField()),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="misses", to="knowledge.question"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="miss",
            constraint=models.UniqueConstraint(
                models.F("question"), models.F("source_message"), name="miss_once"
            ),
        ),
    ]
