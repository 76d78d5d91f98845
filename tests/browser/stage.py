"""Sets a scene in a running installation, in a process of its own: something to see on every screen."""

import json
import sys
import uuid
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from hilft.base.clock import now  # noqa: E402
from hilft.channels.commands import change_fact  # noqa: E402
from hilft.channels.enums import AccountState  # noqa: E402
from hilft.channels.models import Account, Gap, PortalPost, Spending  # noqa: E402
from hilft.channels.phone.commands import ensure_account, take_down  # noqa: E402
from hilft.channels.phone.notes import Note  # noqa: E402
from hilft.channels.portal.adapter import raw_of  # noqa: E402
from hilft.channels.portal.tokens import token_for  # noqa: E402
from hilft.channels.registry import adapter_of  # noqa: E402
from hilft.channels.spending import today  # noqa: E402
from hilft.contacts.linking import link_number  # noqa: E402
from hilft.escalation.commands.faults import mark_fault  # noqa: E402
from hilft.escalation.commands.handovers import hand_over  # noqa: E402
from hilft.escalation.models import Department  # noqa: E402
from hilft.inbox import duplicates  # noqa: E402
from hilft.inbox.enums import State, Verdict  # noqa: E402
from hilft.inbox.intake import read_new_events, take  # noqa: E402
from hilft.inbox.matches import match  # noqa: E402
from hilft.inbox.models import Conversation, Group, Judgement, Message, Receipt  # noqa: E402
from hilft.inbox.queries import last_seen  # noqa: E402
from hilft.knowledge import proposals  # noqa: E402
from hilft.knowledge.causes.commands import name_cause, save_cause, set_cause_state  # noqa: E402
from hilft.knowledge.commands import Written  # noqa: E402
from hilft.knowledge.enums import FindingKind  # noqa: E402
from hilft.knowledge.models import Finding, Follower, Question  # noqa: E402
from hilft.people.keys import create_key  # noqa: E402
from hilft.people.models import User  # noqa: E402
from hilft.publishing.commands import corrections, decisions, deliveries, drafts  # noqa: E402
from hilft.publishing.models import Correction, Delivery, Draft, Placement  # noqa: E402
from hilft.quality.commands.coaching import name_coach, write_note  # noqa: E402
from hilft.quality.commands.drawing import draw  # noqa: E402
from hilft.quality.models import Plan, Sample  # noqa: E402
from hilft.training.commands import learning  # noqa: E402
from hilft.training.models import ExamQuestion, Lesson, Module  # noqa: E402
from tests import factories  # noqa: E402  after Django's setup
from tests.quality.made import plan, scored  # noqa: E402


def asked(name: str, title: str, text: str) -> Message:
    """A guest's verified question on the portal."""
    account = Account.objects.get(kind="portal")
    post = PortalPost.objects.create(
        account=account, name=name, email=f"{name.lower()}@post.example", title=title, text=text, verified_at=now()
    )
    (read,) = adapter_of(account).parse(raw_of(post).body)
    message = take(account, read)
    assert message is not None
    match(message)
    return message


def called(by: User, text: str) -> Message:
    """A question on the phone, by somebody who wants to be called back."""
    note = Note(
        id=uuid.uuid4().hex,
        name="Helga Thomsen",
        number="+494066969214",
        text=text,
        language="de",
        by=by.name,
        at=now(),
        form="sie",
        also="helga@post.example",
        call_back="+494066969780",
        call_back_at=now() + timedelta(hours=3),
    )
    take_down(by=by, note=note)
    read_new_events(account=ensure_account())
    message = Message.objects.get(external_id=note.id)
    match(message)
    return message


def person(role: str) -> User:
    found = User.objects.filter(roles__contains=[role]).order_by("pk").first()
    assert found is not None
    return found


def costly() -> Account:
    """A paused account on X whose calls cost money for some days."""
    account = factories.x_account(budget_usd_a_day=2, publish_budget_usd_a_day=5)
    Account.objects.filter(pk=account.pk).update(state=AccountState.PAUSED, name="NordNetz auf X")
    for ago in range(20):
        for price, calls, usd in (
            ("price.read_own_mention", 90 + 37 * (ago % 7), "0.001"),
            ("price.post", 20, "0.015"),
        ):
            day = today() - timedelta(days=ago)
            Spending.objects.create(account=account, day=day, price=price, calls=calls, usd=calls * Decimal(usd))
    Gap.objects.create(account=account, since=now() - timedelta(hours=5), until=now() - timedelta(hours=2))
    create_key(by=person("operator"), name="Übersicht im Flur", rights=["networks", "spending"])
    change_fact(by=person("operator"), kind="x", name="price.post", value=0.01, source="https://vertrag.example/")
    return account


def reply(by: User, question: Question, title: str, text: str) -> Placement:
    """A guest's question with a reply of ours, unchanged from the answer."""
    message = asked("Hanna", title, text)
    draft = drafts.insert(by=by, draft=drafts.begin(by=by, conversation=message.conversation), question=question)
    draft = drafts.submit(by=by, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    Delivery.objects.filter(pk=draft.delivery.pk).update(due_at=now() - timedelta(seconds=1))
    deliveries.deliver(draft.delivery.pk)
    return Placement.objects.get(delivery__draft=draft)


def judged(by: User) -> None:
    """People's verdicts on thirty-six posts, three of them against what had been suggested, and no other verdicts."""
    Judgement.objects.all().delete()
    account = Account.objects.get(kind="portal")
    router, wifi = Question.objects.get(slug="router-blinkt-orange"), Question.objects.get(slug="wlan-langsam")
    for number in range(36):
        message = factories.message(account, f"Frage Nummer {number}", ref_id=uuid.uuid4().hex)
        Conversation.objects.filter(pk=message.conversation_id).update(state=State.DONE, waiting_since=None)
        wrong = number < 3
        Judgement.objects.create(
            message=message,
            question=wifi if wrong else router,
            verdict=Verdict.USED,
            by=by,
            suggested=router,
            chance=0.55 if wrong else 0.6 + number / 100,
        )


def taught() -> dict[str, int]:
    """Exams, one running and one ended, a practice reply to mark, and what they are of."""
    agent, trainer = person("agent"), person("trainer")
    law, rude = (Module.objects.get(key=key) for key in ("recht", "deeskalation"))
    for lesson in Lesson.objects.filter(module__in=[law, rude]):
        for user in (agent, trainer):
            learning.read_lesson(by=user, lesson=lesson)
    ended = learning.begin_exam(by=agent, module=rude)
    banked = {question.pk: question.choices for question in ExamQuestion.objects.filter(module=rude)}
    right = {pk: [place for place, one in enumerate(banked[pk]) if one["right"]] for pk in ended.questions}
    learning.finish_exam(by=agent, attempt=ended, answers=right)
    return {
        "lesson": law.lessons.order_by("position")[0].pk,
        "exam": learning.begin_exam(by=trainer, module=rude).pk,
        "ended": ended.pk,
        "certificate": trainer.certificates.order_by("pk")[0].pk,
        "practice": learning.submit_practice(by=agent, task=rude.task, text="Das tut uns leid.").pk,
        "module": law.pk,
        "asked": law.questions.order_by("pk")[0].pk,
    }


def reviewed() -> dict[str, int]:
    """A reply to review, a result of the approver's, a plan, and notes of a coach."""
    agent, approver, trainer, lead = (person(role) for role in ("agent", "approver", "trainer", "lead"))
    Plan.objects.update(active=False)
    of, question = plan(name="Alle Antworten"), Question.objects.get(slug="wlan-passwort-vergessen")
    mine = reply(approver, question, "WLAN", "Ich habe mein WLAN-Passwort vergessen, was nun?")
    theirs = reply(agent, question, "Passwort", "Wo steht das Passwort vom WLAN?")
    draw()
    result = Sample.objects.get(placement=mine)
    scored(result, trainer, tone="missed")
    name_coach(by=lead, user=approver, coach=trainer)
    name_coach(by=lead, user=agent, coach=approver)
    write_note(by=trainer, user=approver, text="Die Antwort gestern war sehr klar. Im Ton geht es noch wärmer.")
    write_note(by=approver, user=agent, text="Lass uns am Montag über die Rechnung sprechen.")
    return {"sample": Sample.objects.get(placement=theirs).pk, "result": result.pk, "plan": of.pk, "coached": agent.pk}


def main() -> None:
    """Prints the ids that addresses need, as JSON."""
    agent, editor, approver = person("agent"), person("editor"), person("approver")
    question = Question.objects.get(slug="wlan-langsam")
    placement = reply(
        agent, question, "WLAN langsam", "Per Kabel ist alles schnell, aber das WLAN kriecht. Was kann ich tun?"
    )
    first = Message.objects.get(conversation=placement.conversation, direction="in")

    second = asked("Ayse", "Rechnung", "Warum ist meine Rechnung höher als sonst? Das stand nirgends.")
    held = drafts.begin(by=agent, conversation=second.conversation)
    held = drafts.submit(by=agent, draft=held, text="Wir schauen nach, Ayse.", seen=last_seen(second.conversation))

    third = asked("Lena", "Glasfaser", "Wann kommt der Ausbau nach Gaarden?")
    lost = drafts.begin(by=agent, conversation=third.conversation)
    lost = drafts.submit(by=agent, draft=lost, text="Der Ausbau beginnt im März.", seen=last_seen(third.conversation))
    decisions.approve(by=approver, draft=lost, digest=_digest(lost))
    Delivery.objects.filter(draft=lost).update(state="person", error="Der Server hat nicht geantwortet.")

    version = factories.publish(question, by=editor, hours=24)
    batch = Correction.objects.get(version=version)
    corrections.submit(by=editor, correction=batch)
    judged(agent)
    asked("Tom", "eSIM", "kann man die esim auf ein neues handy ziehen ohne shop?")
    call = called(agent, "Ich habe kein Freizeichen mehr, das Internet läuft aber. Was kann ich tun?")
    linked = asked("Nora", "WLAN kriecht", "Im Keller kommt nichts an.")
    duplicate = duplicates.link(by=agent, conversation=linked.conversation, question=question)
    group = Group.objects.create(name="eSIM · Handy", since=now(), size=3)
    other = factories.question(by=editor, title="Wie kündige ich die Zeitschrift aus dem Kombipaket?")
    wordings = {"wording": question.wordings.current()[0], "other_wording": other.wordings.get()}
    evidence = {"against": [["24 Stunden", "48 Stunden"]]}
    for kind in FindingKind:
        Finding.objects.create(kind=kind, question=question, other=other, evidence=evidence, found_at=now(), **wordings)
    offered = proposals.propose(
        by=agent,
        question=question,
        texts={("de", form): Written(f"Stellen Sie den Router frei auf ({form}).", "") for form in ("sie", "du")},
        note="Kürzer",
    )
    cause = save_cause(
        by=editor, name="Firmware 7.2", department="Technik", note="Seit Montag.", since=now() - timedelta(days=2)
    )
    name_cause(by=editor, question=question, cause=cause)
    set_cause_state(by=editor, cause=cause, state="closed")
    handed = asked("Jette", "Ausfall", "Seit gestern geht gar nichts mehr, auch das Telefon nicht.")
    mark_fault(by=agent, conversation=handed.conversation)
    department = Department.objects.order_by("pk")[0]
    words = "Bitte die Leitung prüfen und einen Termin nennen."
    handover = hand_over(by=agent, conversation=handed.conversation, department=department, asked=words)
    known = {"number": "10 4711 20", "evidence": "colleague", "words": "Telefon"}
    linked_number = link_number(by=agent, contact=first.conversation.handle.contact, **known)
    receipt = Receipt.objects.create(message=first, key=uuid.uuid4(), questions=[question.pk])
    ids = (
        taught()
        | reviewed()
        | {
            "handed": handed.conversation_id,
            "turn": token_for(handover.turns.get(), "turn"),
            "department": department.pk,
            "person": agent.pk,
            "receipt": token_for(receipt, "receipt"),
            "cause": cause.pk,
            "offer": offered.pk,
            "other": other.pk,
            "group": group.pk,
            "linked": linked.conversation_id,
            "stub": PortalPost.objects.get(pk=linked.external_id).thread.hex,
            "contest": token_for(duplicate, "contest"),
            "unfollow": token_for(Follower.objects.get(pk=duplicate.made), "unfollow"),
            "account": costly().pk,
            "call": call.conversation_id,
            "contact": call.conversation.handle.contact_id,
            "conversation": first.conversation_id,
            "number": linked_number.pk,
            "waiting": second.conversation_id,
            "placement": placement.pk,
            "approval": held.pk,
            "correction": batch.pk,
            "question": question.pk,
            "thread": PortalPost.objects.get(pk=first.external_id).thread.hex,
        }
    )
    sys.stdout.write(json.dumps(ids) + "\n")


def _digest(draft: Draft) -> str:
    from hilft.publishing.rules import draft_digest

    return draft_digest(Draft.objects.select_related("conversation").get(pk=draft.pk))


if __name__ == "__main__":
    judged(person("agent")) if sys.argv[1:] == ["judged"] else main()
