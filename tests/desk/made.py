"""Situations of the desk, made through the same commands that people use."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from hilft.base.clock import now
from hilft.channels.models import PortalPost
from hilft.channels.portal.adapter import raw_of
from hilft.channels.registry import adapter_of
from hilft.inbox.intake import take
from hilft.inbox.models import Message
from hilft.inbox.queries import last_seen
from hilft.knowledge.models import Question
from hilft.people.models import User
from hilft.publishing.commands import decisions, deliveries, drafts
from hilft.publishing.models import Correction, Delivery, Draft, Placement
from tests import factories

ROLES = ("agent", "approver", "editor", "lead", "operator")


def asked(text: str = "Router blinkt orange, was tun?") -> Message:
    """A guest's verified question on the community, taken in through the portal's own raw event."""
    account = factories.portal_account()
    number = next(factories.NUMBER)
    post = PortalPost.objects.create(
        account=account,
        name=f"Kunde {number}",
        email=f"kunde{number}@post.example",
        title="Router",
        text=text,
        verified_at=now(),
    )
    (read,) = adapter_of(account).parse(raw_of(post).body)
    message = take(account, read)
    assert message is not None
    return message


def waiting(author: User, text: str = "Freier Text.", *, question: Question | None = None) -> Draft:
    """A draft that waits for a second person; with a question its text follows the answer's rendering."""
    message = asked()
    draft = drafts.begin(by=author, conversation=message.conversation)
    if question:
        draft = drafts.insert(by=author, draft=draft, question=question)
        text = f"{draft.text} {text}"
    return drafts.submit(by=author, draft=draft, text=text, seen=last_seen(message.conversation))


def reply(author: User, question: Question) -> Placement:
    """A published reply, unchanged from the question's answer."""
    message = asked()
    draft = drafts.begin(by=author, conversation=message.conversation)
    draft = drafts.insert(by=author, draft=draft, question=question)
    draft = drafts.submit(by=author, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    leave(draft.delivery)
    return Placement.objects.get(delivery=draft.delivery)


def leave(delivery: Delivery) -> None:
    """Lets the undo time pass and delivers."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(seconds=1))
    deliveries.deliver(delivery.pk)


def batch(editor: User, *, replies: int = 1, hours: int = 72) -> Correction:
    """A planned correction: replies were made from version 1, and version 2 has been published."""
    agent, question = factories.staff("agent"), factories.question()
    for _ in range(replies):
        reply(agent, question)
    version = factories.publish(question, by=editor, hours=hours)
    return version.correction


def stuck(author: User) -> Delivery:
    """A delivery of which nobody knows whether it arrived."""
    draft = waiting(author)
    draft = decisions.approve(by=factories.staff("approver"), draft=draft, digest=digest(draft)).draft
    Delivery.objects.filter(draft=draft).update(state="person", attempts=3, error="No answer came.")
    return Delivery.objects.get(draft=draft)


def digest(draft: Draft) -> str:
    """What an approval of this draft is bound to."""
    from hilft.publishing.rules import draft_digest

    return draft_digest(Draft.objects.select_related("conversation").get(pk=draft.pk))


def status(client: Client, name: str, *args: object) -> int:
    """What an address answers."""
    return client.get(reverse(name, args=args)).status_code


def said(client: Client, url: str, **data: object) -> str:
    """Posts a form and reads the page that follows."""
    return client.post(url, data, follow=True, headers={"referer": "/desk/freigaben/"}).content.decode()
