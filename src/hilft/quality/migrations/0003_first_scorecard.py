"""The scorecard that comes along; team leads change it by writing another version."""

from django.db import migrations

CRITERIA = [
    {
        "key": "accuracy",
        "name": "Richtigkeit",
        "name_en": "Accuracy",
        "about": "Stimmt alles, was die Antwort sagt, nach der hinterlegten Antwort und dem Stand dieses Tages? Fehlt nichts, ohne das sie in die Irre führt?",
        "about_en": "Is everything the reply says right, by the hosted answer and what held on that day? Is nothing missing without which it misleads?",
        "weight": 4,
        "critical": True,
    },
    {
        "key": "tone",
        "name": "Ton",
        "name_en": "Tone",
        "about": "Freundlich, auf Augenhöhe, in der Anrede der Kundin oder des Kunden, verständlich ohne Fachwörter, Bedauern wo es angebracht ist?",
        "about_en": "Friendly, at eye level, in the customer's form of address, clear without jargon, sorry where it is due?",
        "weight": 2,
        "critical": False,
    },
    {
        "key": "compliance",
        "name": "Recht und Datenschutz",
        "name_en": "Compliance",
        "about": "Keine personenbezogenen Daten in der Öffentlichkeit, keine Zusage und keine Auskunft zu Recht, Geld oder Gesundheit über das Freigegebene hinaus?",
        "about_en": "No personal data in public, no promise and no word on law, money or health beyond what was approved?",
        "weight": 3,
        "critical": True,
    },
    {
        "key": "resolution",
        "name": "Lösung",
        "name_en": "Resolution",
        "about": "Beantwortet sie, was gefragt wurde, und weiß man danach, was als Nächstes zu tun ist oder geschieht?",
        "about_en": "Does it answer what was asked, and does one know afterwards what to do or what happens next?",
        "weight": 3,
        "critical": False,
    },
]


def add(apps, schema_editor):
    apps.get_model("quality", "Scorecard").objects.get_or_create(
        key="antwort",
        number=1,
        defaults={"title": "Antworten an Kunden", "title_en": "Replies to customers", "enough": 80, "criteria": CRITERIA},
    )


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_guards")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
