"""From a question on the portal to a corrected reply: every command once, and what each refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from hilft.approvals.commands import Changed
from hilft.approvals.models import Approval
from hilft.base.clock import now
from hilft.channels.contract import Correct
from hilft.channels.models import PortalPost
from hilft.channels.portal.adapter import raw_of
from hilft.inbox.intake import take
from hilft.inbox.models import Message
from hilft.inbox.queries import last_seen
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.publishing.commands import corrections, decisions, deliveries, drafts, taking_back
from hilft.publishing.models import Correction, Delivery, Draft, Placement
from hilft.publishing.rules import draft_digest
from tests import factories

pytestmark = pytest.mark.django_db


def asked(text: str = "Seit dem Umzug blinkt der Router orange. Können Sie helfen?") -> Message:
    """A guest's verified question, taken in through the portal's own raw event."""
    account = factories.portal_account()
    post = PortalPost.objects.create(
        account=account, name="Jonas", email="jonas@post.example", title="Router", text=text, verified_at=now()
    )
    from hilft.channels.registry import adapter_of

    (read,) = adapter_of(account).parse(raw_of(post).body)
    message = take(account, read)
    assert message is not None
    return message


def written(author: User, message: Message, text: str) -> Draft:
    draft = drafts.begin(by=author, conversation=message.conversation)
    return drafts.submit(by=author, draft=draft, text=text, seen=last_seen(message.conversation))


def leave(delivery: Delivery) -> Delivery:
    """Lets the undo time pass and delivers."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(seconds=1))
    deliveries.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def test_unchanged_rendering_passes_and_arrives_once():
    agent = factories.staff("agent")
    question = factories.question()
    message = asked()
    draft = drafts.begin(by=agent, conversation=message.conversation)
    draft = drafts.insert(by=agent, draft=draft, question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    assert (draft.state, draft.rule) == ("released", "unchanged-rendering")
    delivery = leave(draft.delivery)
    deliveries.deliver(delivery.pk)
    assert delivery.state == "delivered"
    assert PortalPost.objects.filter(brand=True).count() == 1
    placement = Placement.objects.get()
    assert (placement.author, placement.approver, placement.unchanged) == (agent, None, True)
    assert placement.source.version.number == 1
    message.conversation.refresh_from_db()
    assert message.conversation.waiting_since is None


def test_free_text_needs_somebody_else():
    agent, approver = factories.staff("agent", "approver"), factories.staff("approver")
    message = asked()
    draft = written(agent, message, "Bitte schicken Sie uns ein Foto vom Router.")
    assert draft.state == "waiting"
    with pytest.raises(NotAllowed):
        decisions.approve(by=agent, draft=draft, digest=draft_digest(draft))
    with pytest.raises(Changed):
        decisions.approve(by=approver, draft=draft, digest="0" * 64)
    delivery = leave(decisions.approve(by=approver, draft=draft, digest=draft_digest(draft)))
    assert delivery.state == "delivered"
    assert Placement.objects.get().approver == approver


def test_the_database_itself_refuses_a_maker_who_checks():
    agent = factories.staff("agent", "approver")
    written(agent, asked(), "Freier Text.")
    approval = Approval.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(checker=agent, decision="approved")


def test_a_rejection_needs_a_reason_and_gives_the_draft_back():
    agent, approver = factories.staff("agent"), factories.staff("approver")
    draft = written(agent, asked(), "Keine Ahnung.")
    with pytest.raises(Refusal):
        decisions.reject(by=approver, draft=draft, digest=draft_digest(draft), reason=" ")
    draft = decisions.reject(by=approver, draft=draft, digest=draft_digest(draft), reason="Bitte freundlicher.")
    assert (draft.state, draft.stopped) == ("editing", "Bitte freundlicher.")


def test_news_from_the_customer_stops_what_waits_and_what_is_about_to_leave():
    agent = factories.staff("agent")
    question = factories.question()
    message = asked()
    draft = written(agent, message, "Freier Text.")
    take(
        message.account,
        factories.event(
            message.account,
            "Noch etwas!",
            who=message.conversation.handle.external_id,
            thread=message.conversation.thread,
        ),
    )
    draft.refresh_from_db()
    assert draft.state == "editing"
    assert Approval.objects.get().decision == "void"

    draft = drafts.insert(by=agent, draft=draft, question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    assert draft.state == "released"
    take(
        message.account,
        factories.event(
            message.account, "Halt!", who=message.conversation.handle.external_id, thread=message.conversation.thread
        ),
    )
    draft.refresh_from_db()
    assert draft.state == "editing"
    assert Delivery.objects.get().state == "cancelled"


def test_sending_stops_when_something_arrived_since_the_page_was_shown():
    agent = factories.staff("agent")
    message = asked()
    seen = last_seen(message.conversation)
    draft = drafts.begin(by=agent, conversation=message.conversation)
    take(
        message.account,
        factories.event(
            message.account,
            "Noch etwas!",
            who=message.conversation.handle.external_id,
            thread=message.conversation.thread,
        ),
    )
    with pytest.raises(drafts.Arrived) as stop:
        drafts.submit(by=agent, draft=draft, text="Text", seen=seen)
    assert [m.text for m in stop.value.messages] == ["Noch etwas!"]


def test_undo_gives_the_draft_back_until_it_leaves():
    agent = factories.staff("agent")
    question = factories.question()
    message = asked()
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    deliveries.deliver(draft.delivery.pk)
    assert PortalPost.objects.filter(brand=True).count() == 0, "the undo time runs"
    draft = taking_back.undo(by=agent, delivery=draft.delivery)
    assert draft.state == "editing"
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    delivery = leave(draft.delivery)
    with pytest.raises(Refusal):
        taking_back.undo(by=agent, delivery=delivery)


def test_a_new_version_corrects_every_reply_after_one_approval():
    agent, editor, approver = factories.staff("agent"), factories.staff("editor"), factories.staff("approver")
    question = factories.question(by=editor, hours=48)
    message = asked()
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    leave(draft.delivery)

    factories.publish(question, by=editor, hours=24)
    batch = Correction.objects.get()
    assert Placement.objects.get().state == "outdated"
    corrections.submit(by=editor, correction=batch)
    with pytest.raises(NotAllowed):
        corrections.approve(by=editor, correction=batch, digest=corrections.digest_of(batch))
    corrections.approve(by=approver, correction=batch, digest=corrections.digest_of(batch))
    corrections.carry_out(batch.pk)
    corrections.carry_out(batch.pk)
    for delivery in Delivery.objects.filter(state="queued"):
        leave(delivery)
    corrections.finish(batch.pk)
    batch.refresh_from_db()
    placement = Placement.objects.get()
    assert (batch.state, placement.state, placement.source.version.number) == ("done", "current", 2)
    assert "24 Stunden" in PortalPost.objects.get(brand=True).text
    assert "48 Stunden" in placement.changes.get().before


def test_a_visible_correction_is_a_placement_of_its_own_with_its_approver(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hilft.channels.portal.adapter.Adapter.correction", Correct.VISIBLE_REPLY)
    agent, editor, approver = factories.staff("agent"), factories.staff("editor"), factories.staff("approver")
    question = factories.question(by=editor, hours=48)
    message = asked()
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    leave(draft.delivery)
    factories.publish(question, by=editor, hours=24)
    batch = corrections.submit(by=editor, correction=Correction.objects.get())
    corrections.approve(by=approver, correction=batch, digest=corrections.digest_of(batch))
    corrections.carry_out(batch.pk)
    leave(Delivery.objects.get(state="queued"))
    old, new = Placement.objects.order_by("pk")
    assert (old.state, old.replaced_by, new.state) == ("corrected", new, "current")
    assert (new.author, new.approver, new.rule) == (editor, approver, "correction")
    assert new.text.startswith("Korrektur zu unserer Antwort vom ")


def test_wording_only_corrects_nothing_but_needs_a_reason():
    agent, editor = factories.staff("agent"), factories.staff("editor")
    question = factories.question(by=editor)
    message = asked()
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    leave(draft.delivery)
    with pytest.raises(Refusal):
        factories.publish(question, by=editor, hours=24, wording_only=True)
    factories.publish(question, by=editor, hours=36, wording_only=True, reason="Nur der Ton.")
    batch = Correction.objects.get()
    assert (batch.state, batch.reason, batch.items.count()) == ("dropped", "Nur der Ton.", 0)


def test_published_texts_never_change():
    question = factories.question()
    text = question.answer.current.texts.first()
    text.body = "anders"
    with pytest.raises(IntegrityError), transaction.atomic():
        text.save()
