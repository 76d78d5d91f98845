"""The scene of the pictures: replies out there, texts that wait, reviews, one person on two channels, working hours."""

from datetime import timedelta
from typing import Any

ANSWERED = "sim-verloren-sperren"
WEEKS = ([[(540, 1020)]] * 5 + [[], []], [[(420, 780)]] * 5 + [[(540, 780)], []], [[(840, 1260)]] * 5 + [[], []])


def pictured() -> dict[str, Any]:
    """Prints the ids that the addresses of the pictures need."""
    from hilft.people.hours.commands import add_absence, set_hours
    from hilft.people.hours.queries import today_of
    from hilft.people.models import User
    from tests.browser.stage import asked, called, person, reviewed, taught

    agent, lead = person("agent"), person("lead")
    replied(agent)
    ids = taught() | reviewed() | waiting(agent)
    people = list(User.objects.filter(roles__contains=["agent"]).order_by("pk"))
    for number, user in enumerate(people):
        set_hours(by=lead, user=user, week=WEEKS[number % 3])
    today = today_of(people[-2])
    add_absence(by=lead, user=people[-2], first=today, last=today + timedelta(days=9), deputy=people[-1])
    call = called(agent, "Ich habe kein Freizeichen mehr, das Internet läuft aber. Was kann ich tun?")
    post = asked("Helga", "Telefon tot", "Mein Festnetz ist seit gestern tot, ich hatte auch schon angerufen.")
    return ids | {"contact": one_person(agent, call, post), "certificate": agent.certificates.order_by("pk")[0].pk}


def replied(by: Any) -> None:
    """Answers whoever asks the question on whatever network, unchanged; somebody else agrees."""
    from hilft.base.clock import now
    from hilft.inbox.models import Conversation
    from hilft.inbox.queries import last_seen
    from hilft.knowledge.models import Question
    from hilft.publishing.commands import decisions, deliveries, drafts
    from hilft.publishing.models import Delivery
    from hilft.publishing.rules import draft_digest
    from tests.browser.stage import person

    question = Question.objects.get(slug=ANSWERED)
    for conversation in Conversation.objects.filter(question=question).exclude(account__kind="phone"):
        draft = drafts.insert(by=by, draft=drafts.begin(by=by, conversation=conversation), question=question)
        draft = drafts.submit(by=by, draft=draft, text=draft.text, seen=last_seen(conversation))
        if not Delivery.objects.filter(draft=draft).exists():
            decisions.approve(by=person("approver"), draft=draft, digest=draft_digest(draft))
        Delivery.objects.filter(draft=draft).update(due_at=now() - timedelta(seconds=1))
        deliveries.deliver(Delivery.objects.get(draft=draft).pk)


def waiting(by: Any) -> dict[str, Any]:
    """Three texts that wait for a second person; the first is an answer with a promise added to it."""
    from hilft.inbox.queries import last_seen
    from hilft.knowledge.models import Question
    from hilft.publishing.commands import drafts
    from tests.browser.stage import asked, person

    question = Question.objects.get(slug="wlan-langsam")
    message = asked("Ayşe", "WLAN im Obergeschoss", "Per Kabel ist alles schnell, oben kriecht das WLAN. Was tun?")
    draft = drafts.insert(by=by, draft=drafts.begin(by=by, conversation=message.conversation), question=question)
    text = f"Moin Ayşe, das ärgert uns auch: 20 Euro schreiben wir Ihnen gut.\n\n{draft.text}"
    changed = drafts.submit(by=by, draft=draft, text=text, seen=last_seen(message.conversation))
    other = person("editor")
    for name, title, said, free in (
        ("Jonas", "Ausbau", "Wann kommt Glasfaser nach Gaarden?", "Moin Jonas, der Ausbau in Gaarden beginnt im März."),
        (
            "Lena",
            "Kündigung",
            "Gilt mein Sonderkündigungsrecht?",
            "Hallo Lena, das prüfen wir und melden uns bis morgen.",
        ),
    ):
        one = asked(name, title, said)
        draft = drafts.begin(by=other, conversation=one.conversation)
        drafts.submit(by=other, draft=draft, text=free, seen=last_seen(one.conversation))
    return {"approval": changed.pk}


def one_person(by: Any, call: Any, post: Any) -> int:
    """Holds a caller and a guest of the community for one person; the contact's id."""
    from hilft.contacts import merging, noting
    from hilft.contacts.enums import Evidence

    source, target = post.conversation.handle.contact, call.conversation.handle.contact
    merging.merge(by=by, source=source, target=target, evidence=Evidence.SAID, message=post)
    noting.note(by=by, contact=target, text="Hört schlecht: am Telefon langsam sprechen, gern schriftlich nachreichen.")
    return int(target.pk)
