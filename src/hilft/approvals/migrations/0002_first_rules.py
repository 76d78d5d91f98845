"""The rules that every installation begins with; they are data and can be changed."""

from django.db import migrations

RULES = [
    {
        "code": "unchanged-rendering",
        "label": "Unveränderte Ausprägung einer geprüften Antwort",
        "label_en": "Unchanged rendering of a validated answer",
        "position": 10,
        "when": {"purpose": "reply", "unchanged": True, "answer_checked": True, "personal_data": False},
        "needs_person": False,
    },
    {
        "code": "second-person",
        "label": "Geänderter oder freier Text: eine zweite Person entscheidet",
        "label_en": "Changed or free text: a second person decides",
        "position": 1000,
        "when": {},
        "needs_person": True,
    },
]


def add(apps, schema_editor):
    rule = apps.get_model("approvals", "Rule")
    for fields in RULES:
        rule.objects.get_or_create(code=fields["code"], defaults=fields)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
