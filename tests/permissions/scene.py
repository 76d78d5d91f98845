"""One of everything that an address of the desk can name: made once, through the commands that people use."""

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hilft.approvals.enums import Tier
from hilft.approvals.rulebook import save_rule
from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.channels.commands import connect_account
from hilft.channels.models import Event
from hilft.contacts import linking
from hilft.contacts import merging as contacts
from hilft.contacts.noting import note
from hilft.escalation.commands.handovers import hand_over
from hilft.escalation.commands.settings import save_department, save_expert, save_level, save_promise, save_schedule
from hilft.inbox import duplicates
from hilft.inbox.enums import Verdict
from hilft.inbox.handling import bulk
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.intake_rules import save_intake_rule
from hilft.inbox.handling.joining import merge
from hilft.inbox.handling.models import Tag
from hilft.inbox.handling.steps import Wanted, take
from hilft.inbox.handling.views import save_view
from hilft.inbox.models import Conversation, Group, Judgement
from hilft.knowledge import moves, proposals
from hilft.knowledge.causes.commands import name_cause, save_cause
from hilft.knowledge.commands import Written
from hilft.knowledge.models import Question
from hilft.people.certifying import save_requirement
from hilft.people.enums import Role
from hilft.people.hours.commands import add_absence
from hilft.people.keys import create_key
from hilft.people.models import User
from hilft.publishing.commands import decisions, drafts, group_replies
from hilft.publishing.macros.commands import save_macro
from hilft.publishing.macros.models import Macro
from hilft.publishing.models import CorrectionItem
from hilft.quality.commands.coaching import name_coach, write_note
from hilft.training.commands.editing import add_media
from hilft.training.models import Attempt
from tests import factories
from tests.desk import made
from tests.quality import made as quality
from tests.training import made as training

TEXT = "Wir schauen uns das an und melden uns."


class Cast:
    """One person of each role, one without any, and the maker: who wrote everything here, and has every role."""

    def __init__(self) -> None:
        self.maker = factories.staff(*Role.values, name="Maker")
        self.nobody = factories.staff(name="Nobody")
        self.of: dict[str, User] = {role: factories.staff(role, name=f"The {role}") for role in Role.values}


def everything(cast: Cast) -> Mapping[str, Mapping[str, Any]]:
    """By the first words of a route: what its parameters are filled with."""
    maker = cast.maker
    question, other = factories.question(by=maker), factories.question(by=maker)
    placement = made.reply(maker, question)
    conversation = placement.conversation
    message = conversation.messages.get(direction="in")
    judgement = Judgement.objects.create(message=message, question=question, verdict=Verdict.USED, by=maker)
    lost = made.stuck(maker)
    linked = made.asked("Nach dem Umzug blinkt der Router orange.")
    duplicate = duplicates.link(by=maker, conversation=linked.conversation, question=question)
    held = made.waiting(maker)
    written = drafts.begin(by=maker, conversation=made.asked().conversation)
    glass = decisions.break_glass(
        by=maker,
        draft=(broken := made.waiting(maker)),
        digest=made.digest(broken),
        reason="Es eilt.",
        told=cast.of["lead"],
    )[1]
    rule = save_rule(by=maker, rule=None, label="Presse", label_en="Press", tier=Tier.PERSON, when={}, active=False)
    correction = made.batch(maker)
    asked_twice, both = together()
    many = group_replies.answer(by=maker, question=asked_twice, conversations=both)
    title = factories.question(by=maker)
    move = moves.merge(by=maker, source=title, into=other)
    offered = proposals.propose(by=cast.of["agent"], question=question, texts=texts(), note="Kürzer")
    hosted = proposals.begin(by=maker, title="Wie lange dauert die Umschaltung?", topic="Festnetz", texts=texts())
    cause = save_cause(by=maker, name="Firmware 7.2", department="Technik", note="", since=now() - timedelta(days=1))
    naming = name_cause(by=maker, question=question, cause=cause)
    account = factories.mastodon_account()
    event = Event.objects.create(account=account, key=uuid.uuid4().hex, body=b"{}")
    absence = add_absence(by=maker, user=maker, first=date(2100, 1, 1), last=date(2100, 1, 2))
    key, _word = create_key(by=maker, name="Flur", rights=["networks"])
    return {
        **_escalated(cast, linked.conversation),
        **_handled(cast, question),
        **_known(cast),
        **_trained(cast),
        **_reviewed(cast),
        "anliegen/": {
            "pk": conversation.pk,
            "macro": _macro(maker, question).pk,
            "question": hosted.answer.question_id,
            "judgement": judgement.pk,
        },
        "dubletten/": {"pk": duplicate.pk},
        "entwurf/": {"pk": written.pk},
        "zustellung/": {"pk": lost.pk},
        "freigaben/": {"pk": held.pk},
        "regeln/": {"pk": rule.pk},
        "notfaelle/": {"pk": glass.pk},
        "korrekturen/": {"pk": correction.pk, "item": CorrectionItem.objects.filter(correction=correction)[0].pk},
        "fragen/": {"pk": question.pk, "wording": question.wordings.current()[0].pk},
        "gruppen/": {"pk": Group.objects.create(name="eSIM", since=now(), size=0).pk},
        "umzuege/": {"pk": move.pk},
        "vorschlaege/": {"pk": offered.pk},
        "sammelantworten/": {"pk": many.pk},
        "ursachen/": {"pk": cause.pk, "naming": naming.pk},
        "platzierungen/": {"pk": placement.pk},
        "netze/": {"kind": "x", "name": "price.post"},
        "konten/ereignisse/": {"pk": event.pk},
        "konten/neu/": {"kind": "mastodon"},
        "konten/": {"pk": account.pk},
        "konten/<int:pk>/webhook/": {"pk": factories.x_account().pk},
        "schluessel/": {"pk": key.pk},
        "protokoll/": {"pk": Entry.objects.order_by("pk")[0].pk},
        "team/": {"pk": cast.nobody.pk},
        "personen/": {"pk": maker.pk},
        "abwesenheiten/": {"pk": absence.pk},
        "rechte/": {"pk": cast.of["agent"].pk},
    }


def _escalated(cast: Cast, conversation: Conversation) -> Mapping[str, Mapping[str, Any]]:
    """Hours, a promise, and a matter that lies with a department of two levels inside the house."""
    by = cast.maker
    hours = save_schedule(by=by, name="Service", week=[*[[(480, 1200)]] * 5, [], []], region="SH").schedule
    promise = save_promise(by=by, kind="x", priority="", what="first", minutes=60, schedule=hours)
    connect_account(by=None, kind="email", name="Post", handle="post@nordnetz.example", settings={}, secrets={})
    department = save_department(by=by, name="Technik", topics=[], reach="inside", schedule=hours, account=None)
    for name, owner in (("Team", "agent"), ("Leitung", "lead")):
        save_level(by=by, department=department, name=name, owner=cast.of[owner])
    expert = save_expert(by=by, topics=["eSIM"], person=cast.of["editor"])
    handover = hand_over(by=by, conversation=conversation, department=department, asked="Bitte die Leitung prüfen.")
    return {
        "uebergaben/": {"pk": handover.pk},
        "einstellungen/fristen/zeiten/": {"pk": hours.pk},
        "einstellungen/fristen/zusagen/": {"pk": promise.pk},
        "einstellungen/abteilungen/": {"pk": department.pk, "number": 2},
        "einstellungen/fachleute/": {"pk": expert.pk},
    }


def _handled(cast: Cast, question: Question) -> Mapping[str, Mapping[str, Any]]:
    """A step, a merge, a rule for what comes in, a macro, a saved view, a plan for many and a tag: all the maker's."""
    by = cast.maker
    conversation, into = made.asked().conversation, made.asked("Und noch etwas.").conversation
    step = take(by=by, conversation=conversation, wanted=Wanted(Do.TAG, ["Umzug"]))
    joining = merge(by=by, source=conversation, target=into)
    rule = save_intake_rule(
        by=by,
        rule=None,
        label="Werbung",
        label_en="Advertising",
        when={"text": {"has": ["Gewinnspiel"]}},
        then=[Wanted(Do.SPAM)],
        last=False,
        active=False,
    )
    return {
        "schritte/": {"pk": step.pk},
        "zusammenfuehrungen/": {"pk": joining.pk},
        "eingangsregeln/": {"pk": rule.pk},
        "makros/": {"pk": _macro(by, question).pk},
        "ansichten/": {"pk": save_view(by=by, name="Umzug", query="view=open&tag=Umzug").pk},
        "viele/": {"pk": bulk.plan(by=by, conversations=[into], wanted=Wanted(Do.CLOSE)).pk},
        "schlagworte/": {"pk": Tag.objects.get(name="Umzug").pk},
    }


def _known(cast: Cast) -> Mapping[str, Mapping[str, Any]]:
    """Two contacts held for one person, a note on one of them, a customer number, and one that was taken away."""
    by = cast.maker
    conversations = [made.asked().conversation for _one in range(2)]
    one, two = (conversation.handle.contact for conversation in conversations)
    merged = contacts.merge(by=by, source=one, target=two, evidence="colleague", words="Telefon")
    said = {"evidence": "colleague", "words": "Telefon"}
    linked, gone = (linking.link_number(by=by, contact=two, number=number, **said) for number in ("4711", "4712"))
    linking.unlink_number(by=by, link=gone)
    return {
        "kundennummern/": {"pk": linked.pk},
        "anliegen/<int:pk>/kundennummern/": {"pk": conversations[1].pk, "number": linked.pk},
        "kundennummern/<int:pk>/rueckkehr/": {"pk": gone.pk},
        "kontakte/": {"pk": two.pk},
        "kontaktverbindungen/": {"pk": merged.pk},
        "kontaktnotizen/": {"pk": note(by=by, contact=two, text="Ruft gern an.").pk},
    }


def _macro(by: User, question: Question) -> Macro:
    said = {"mine": True, "team": None, "text": "", "text_en": "", "now": [], "sent": []}
    return save_macro(by=by, macro=None, label="Umschaltung", question=question, **said)


def _trained(cast: Cast) -> Mapping[str, Mapping[str, Any]]:
    """A module that the maker learned, up to a practice reply, and a certificate of theirs."""
    by = cast.maker
    module = training.module()
    practice = training.practised(by, module)
    requirement = save_requirement(by=by, gate="draft", skill=module.skill, level=2, channel="x")
    lesson, asked = module.lessons.order_by("pk")[0], module.questions.order_by("pk")[0]
    picture = add_media(by=by, lesson=lesson, content=training.PICTURE, alt="Der Router von vorn")
    return {
        "schulung/medien/": {"pk": picture.pk},
        "schulung/modul/": {"key": module.key},
        "schulung/lektion/": {"pk": lesson.pk},
        "schulung/pruefung/": {"pk": Attempt.objects.get(user=by).pk},
        "schulung/zertifikat/": {"pk": factories.certificate(by, module.skill).pk},
        "schulung/pruefen/": {"pk": practice.pk},
        "schulung/rollen/": {"role": "agent"},
        "schulung/faehigkeiten/": {"pk": module.skill_id},
        "schulung/module/": {"pk": module.pk, "lesson": lesson.pk, "question": asked.pk},
        "anforderungen/": {"pk": requirement.pk},
    }


def _reviewed(cast: Cast) -> Mapping[str, Mapping[str, Any]]:
    """A reply of the agent's to review, a reviewed one of the maker's, a plan, and notes to and by the maker."""
    by, agent = cast.maker, cast.of["agent"]
    result = quality.drawn(by)
    quality.scored(result, cast.of["trainer"])
    sample = quality.drawn(agent)
    name_coach(by=by, user=agent, coach=by)
    name_coach(by=by, user=by, coach=agent)
    return {
        "qualitaet/bewertungen/": {"pk": sample.pk},
        "qualitaet/ergebnisse/": {"pk": result.pk},
        "qualitaet/plaene/": {"pk": sample.plan_id},
        "qualitaet/boegen/": {"key": "antwort"},
        "coaching/personen/": {"pk": agent.pk},
        "coaching/notizen/": {"pk": write_note(by=agent, user=by, text="Gut gemacht.").pk},
        "coaching/coaches/": {"pk": agent.pk},
    }


def together() -> tuple[Question, list[int]]:
    """A question on which two conversations wait."""
    question = factories.question()
    both = [made.asked("Router blinkt orange, was nun?").conversation_id for _one in range(2)]
    Conversation.objects.filter(pk__in=both).update(question=question)
    return question, both


def texts() -> dict[tuple[str, str], Written]:
    """An answer in Sie and du."""
    return {
        ("de", form): Written("Die Umschaltung dauert bis zu 24 Stunden.", "Bis zu 24 Stunden.")
        for form in ("sie", "du")
    }
