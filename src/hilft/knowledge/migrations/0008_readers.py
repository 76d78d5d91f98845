"""What was read of texts moves beside them, so that two readers' can stand side by side, each in its half of the index."""

import django.db.models.deletion
import pgvector.django.halfvec
from django.db import migrations, models
from django.db.models import Q

INDEX = """
CREATE INDEX reading_at_0 ON knowledge_reading USING hnsw (embedding halfvec_cosine_ops)
  WHERE place = 0 AND wording_id IS NOT NULL;
CREATE INDEX reading_at_1 ON knowledge_reading USING hnsw (embedding halfvec_cosine_ops)
  WHERE place = 1 AND wording_id IS NOT NULL;
"""
CARRY = """
INSERT INTO knowledge_reading (place, {kind}_id, vector, embedding)
SELECT 0, id, vector, embedding FROM knowledge_{kind}
WHERE encoder = %s AND projected = %s AND vector IS NOT NULL AND embedding IS NOT NULL ORDER BY id
"""
READ = """
UPDATE knowledge_{kind} text SET unread = FALSE
WHERE EXISTS (SELECT FROM knowledge_reading reading WHERE reading.{kind}_id = text.id)
"""
FOUND = """
SELECT encoder, projected FROM knowledge_wording WHERE embedding IS NOT NULL
GROUP BY encoder, projected ORDER BY count(*) DESC, encoder, projected LIMIT 1
"""


def carry(apps, schema_editor):
    """The reader by whom most wordings were read answers; its parts are those in the release, if they still are."""
    from hilft.knowledge.trained import SHIPPED, shipped_name

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FOUND)
        names = cursor.fetchone()
        if names is None:
            return
        for kind in ("wording", "miss"):
            cursor.execute(CARRY.format(kind=kind), names)
            cursor.execute(READ.format(kind=kind))
    parts = SHIPPED.read_bytes() if names[1] == shipped_name() else b""
    reader = apps.get_model("knowledge", "Reader").objects.create(
        encoder=names[0], trained=names[1], parts=parts, place=0
    )
    apps.get_model("knowledge", "Matching").objects.update_or_create(pk=1, defaults={"reader": reader})


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0007_asking")]

    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("encoder", models.CharField(max_length=40)),
                ("trained", models.CharField(max_length=40)),
                ("parts", models.BinaryField()),
                ("place", models.PositiveSmallIntegerField(unique=True)),
                ("after", models.BigIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("seconds", models.FloatField(default=0.0)),
                ("begun_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("encoder"), models.F("trained"), name="reader_once"),
                    models.CheckConstraint(condition=Q(("place__in", [0, 1])), name="reader_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("vector", pgvector.django.halfvec.HalfVectorField(dimensions=896)),
                ("embedding", pgvector.django.halfvec.HalfVectorField(dimensions=200)),
                (
                    "wording",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="knowledge.wording",
                    ),
                ),
                (
                    "miss",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="knowledge.miss",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("wording"), models.F("place"), name="reading_of_wording_once"
                    ),
                    models.UniqueConstraint(models.F("miss"), models.F("place"), name="reading_of_miss_once"),
                    models.CheckConstraint(condition=Q(("wording", None)) ^ Q(("miss", None)), name="reading_of_one"),
                ],
            },
        ),
        migrations.AddField(
            "matching",
            "reader",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.reader"
            ),
        ),
        migrations.AddField("wording", "unread", models.BooleanField(default=True)),
        migrations.AddField("miss", "unread", models.BooleanField(default=True)),
        migrations.RunPython(carry, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX wording_embedding;", migrations.RunSQL.noop),
        *(
            migrations.RemoveField(kind, field)
            for kind in ("wording", "miss")
            for field in ("vector", "encoder", "embedding", "projected")
        ),
        migrations.AddIndex(
            "wording", models.Index(condition=Q(("unread", True)), fields=["id"], name="wording_unread")
        ),
        migrations.RunSQL(INDEX, "DROP INDEX reading_at_0; DROP INDEX reading_at_1;"),
    ]
