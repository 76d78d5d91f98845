"""Replies from before belong to the question whose answer they were made from."""

from django.db import migrations

SQL = """
UPDATE publishing_placement p SET question_id = a.question_id
FROM knowledge_text t JOIN knowledge_version v ON v.id = t.version_id JOIN knowledge_answer a ON a.id = v.answer_id
WHERE t.id = p.source_id AND p.question_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_placement_question"), ("knowledge", "0004_moves_and_followers")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
