"""Rules ask for a tier; requests know their calls; remarks and broken glass."""

from django.conf import settings
from django.db import migrations, models

PERSON, RECORD, PASSES, SAMPLED = 3, 2, 0, 1
RULES = [
    ("asked-danger", 2, "Wer schreibt, spricht von Gefahr, Recht oder Presse", "The customer speaks of danger, law or the press", PERSON, {"asked_risks": {"any": ["danger", "law", "press"]}}, True),
    ("personal-data", 4, "Personenbezogene Daten im öffentlichen Text", "Personal data in a public text", PERSON, {"public": True, "personal_data": True}, True),
    ("machine", 6, "Von einer Maschine entworfen", "Drafted by a machine", PERSON, {"machine": True}, True),
    ("offered-text", 8, "Text, der noch nicht geprüft ist", "A text that nobody has validated yet", PERSON, {"offered": True}, True),
    ("risky-words", 20, "Eigener Text über Recht, Geld, Gesundheit oder Minderjährige", "Own text about law, money, health or minors", PERSON, {"risks": {"any": ["law", "money", "health", "minors", "danger", "press"]}}, True),
    ("small-change", 30, "Geprüfte Antwort, nur wenig geändert", "Validated answer, changed only a little", SAMPLED, {"answer_checked": True, "changed_share": {"max": 10}}, False),
]


def add(apps, schema_editor):
    rule = apps.get_model("approvals", "Rule")
    for code, position, label, label_en, tier, when, active in RULES:
        fields = {"label": label, "label_en": label_en, "position": position, "tier": tier, "when": when, "active": active}
        rule.objects.get_or_create(code=code, defaults=fields)
    rule.objects.filter(code="second-person").update(
        label="Geänderter oder freier Text: nach dem Nachweis der Person, die ihn schreibt",
        label_en="Changed or free text: by its author's record",
    )


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_first_rules"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("rule", "tier", models.PositiveSmallIntegerField(choices=[(0, "passes at once"), (1, "passes; a sample is looked at afterwards"), (2, "by the author's record"), (3, "always two people")], default=3), preserve_default=False),
        migrations.RunSQL("UPDATE approvals_rule SET tier = CASE WHEN needs_person THEN 2 ELSE 0 END", "UPDATE approvals_rule SET needs_person = tier >= 2"),
        migrations.RemoveField("rule", "needs_person"),
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.AddField("approval", "edited", models.BooleanField(default=False)),
        migrations.AddField("approval", "called_at", models.DateTimeField(null=True)),
        migrations.AddField("approval", "alarmed_at", models.DateTimeField(null=True)),
    ]
