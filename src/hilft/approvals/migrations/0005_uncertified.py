"""A reply whose author's certificate has ended since they began it is looked at by a second person."""

from django.db import migrations

RULE = {
    "code": "uncertified",
    "label": "Das Zertifikat der Person, die schrieb, ist abgelaufen",
    "label_en": "The author's certificate has ended",
    "position": 1,
    "when": {"uncertified": True},
    "tier": 3,
}


def add(apps, schema_editor):
    apps.get_model("approvals", "Rule").objects.get_or_create(code=RULE["code"], defaults=RULE)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0004_remark_glass")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
