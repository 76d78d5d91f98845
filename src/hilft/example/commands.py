"""Makes the example workspace through the same commands that people use, and deletes it again."""

import os
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.apps import apps
from django.db import connection, transaction

from hilft.audit.commands import resume
from hilft.audit.sealing import seal_all
from hilft.audit.witnesses import present
from hilft.base.clock import now
from hilft.base.queue import enqueue
from hilft.channels.models import Account
from hilft.channels.phone.commands import ensure_account, take_down
from hilft.channels.phone.notes import Note
from hilft.example import customers, escalation, handling
from hilft.example.accounts import Peers, connect_all
from hilft.example.content import QuestionContent, calls, questions, staff
from hilft.knowledge.commands import Written, add_question, add_wording, publish_version, write_version
from hilft.knowledge.enums import Origin
from hilft.people.certificates import every_skill
from hilft.people.certifying import grant_certificate, save_requirement
from hilft.people.commands import initials
from hilft.people.enums import Gate
from hilft.people.models import Team, User
from hilft.people.queries import require
from hilft.people.rules import may
from hilft.quality.commands.coaching import name_coach
from hilft.quality.commands.planning import save_plan
from hilft.quality.enums import Whose
from hilft.training.commands.loading import load_curriculum

SEEDED = 8
"""Wordings per question and language that the index begins with; customers also use others, as in real life."""

KEPT_TABLES = {"django_migrations", "django_content_type", "approvals_rule", "people_skill", "quality_scorecard"} | {
    f"training_{name}" for name in ("module", "lesson", "media", "examquestion", "practicetask", "roleprofile", "need")
}

GATES: Final = {Gate.DRAFT: "draft.write", Gate.APPROVE: "draft.approve", Gate.ROUTE: "conversation.work"}
REQUIRED: Final = (
    (Gate.DRAFT, "schreiben", 2),
    (Gate.DRAFT, "datenschutz", 2),
    (Gate.APPROVE, "recht", 3),
    (Gate.ROUTE, "schreiben", 2),
)
"""What the example's desk requires, on every channel."""


def seed(peers: Peers) -> None:
    """Fills an empty installation with the fictional telecom: staff, questions, accounts."""
    with transaction.atomic():
        _staff()
        _certificates()
        _questions()
        connect_all(peers)
        escalation.decide()
        handling.decide()
        _quality()
        _calls()
        customers.connect(peers.crm)
        customers.meet_some()
    enqueue("knowledge.embed")


def is_here() -> bool:
    """Whether this installation holds the example workspace."""
    return Account.objects.filter(settings__example=True).exists()


def delete(*, by: User) -> None:
    """Deletes the example workspace and everything that came into it; the installation is empty afterwards."""
    require(by, "example.delete")
    marker, name = os.environ.get("HILFT_DATA", ""), by.name
    with transaction.atomic(), connection.cursor() as cursor:
        seal_all(wait=True)
        lost = present()
        tables = [t for t in connection.introspection.table_names(cursor) if t not in KEPT_TABLES]
        ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        tables = [t for t in tables if t in ours and not t.startswith("procrastinate_")]
        names = ", ".join(map(connection.ops.quote_name, tables))
        cursor.execute("SET LOCAL hilft.emptying = 'on'")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        resume(by=None, after=0, lost=lost, reason=f"{name} deleted the example workspace, and the record of it.")
        ensure_account()
    if marker:
        Path(marker, "example-deleted").touch()


def _staff() -> None:
    people = staff()
    teams = {team.slug: Team.objects.create(name=team.name) for team in people.team}
    for member in people.member:
        user = User.objects.create_user(
            member.email, None, name=member.name, roles=list(member.roles), initials=initials(member.name)
        )
        user.teams.add(teams[member.team])


def _certificates() -> None:
    """What the desk requires, and that everybody but the new ones has proven it."""
    load_curriculum()
    skills = {skill.key: skill for skill in every_skill()}
    for gate, key, level in REQUIRED:
        save_requirement(by=None, gate=gate, skill=skills[key], level=level)
    new = {member.email for member in staff().member if member.new}
    for user in User.objects.exclude(email__in=new).order_by("pk"):
        needed = {key: level for gate, key, level in REQUIRED if may(user, GATES[gate])}
        for key, level in sorted(needed.items()):
            source = "Schulung vor dem Start"
            grant_certificate(by=None, user=user, skill=skills[key], level=level, months=12, source=source)


def _questions() -> None:
    editor = User.objects.filter(roles__contains=["editor"]).order_by("pk")[0]
    for content in questions():
        _question(content, editor)


def _question(content: QuestionContent, editor: User) -> None:
    question = add_question(
        by=editor,
        title=content.title,
        title_en=content.title_en,
        topic=content.topic,
        topic_en=content.topic_en,
        slug=content.slug,
    )
    for language, wordings in (("de", content.wordings), ("en", content.wordings_en)):
        for wording in wordings[:SEEDED]:
            add_wording(by=editor, question=question, text=wording, language=language, origin=Origin.IMPORT)
    texts = {
        ("de", "sie"): Written(content.sie.body, content.sie.short),
        ("de", "du"): Written(content.du.body, content.du.short),
    }
    if content.en:
        texts["en", "none"] = Written(content.en.body, content.en.short)
    publish_version(by=editor, version=write_version(by=editor, question=question, texts=texts))


def _quality() -> None:
    """Half of all replies are reviewed, so that there is soon something to see; somebody coaches the new one."""
    lead, coach = (User.objects.filter(roles__contains=[role]).order_by("pk")[0] for role in ("lead", "trainer"))
    drawn = {"whose": Whose.ALL, "channel": "", "tiers": [], "percent": 50, "twice_percent": 50, "dispute_days": 14}
    save_plan(by=lead, plan=None, name="Jede zweite Antwort", card="antwort", active=True, **drawn)
    for member in staff().member:
        if member.new:
            name_coach(by=lead, user=User.objects.get(email=member.email), coach=coach)


def _calls() -> None:
    agent = User.objects.filter(roles__contains=["agent"]).order_by("pk")[0]
    for call in calls():
        take_down(
            by=agent,
            note=Note(
                id=uuid.uuid4().hex,
                name=call.name,
                number=call.number,
                text=call.text,
                language="de",
                by=agent.name,
                at=now(),
                form=call.form,
                also=call.also,
                call_back=call.call_back,
                call_back_at=now() + timedelta(hours=call.call_back_hours) if call.call_back_hours else None,
            ),
        )
