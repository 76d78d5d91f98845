"""A reply to a public post, turned private: where it stands, where the customer's answer lands, and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hilft.inbox.models import Conversation, Message
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.publishing.commands import corrections, drafts
from hilft.publishing.enums import How
from hilft.publishing.models import Correction, Draft
from hilft.publishing.placements import private_answers
from tests import factories
from tests.practice.meta.conftest import Meta, meta, server
from tests.practice.x.conftest import X, network
from tests.publishing.places import hear, left, on_facebook, on_x, placed, released, submitted

__all__ = ["meta", "server"]

pytestmark = pytest.mark.django_db
SAID = "@nordnetz Rechnung doppelt, Kundennummer kann ich hier nicht nennen"
ANSWER = "Wir haben nachgesehen: Die zweite Rechnung ist storniert."


@pytest.fixture
def x(tmp_path: Path) -> Iterator[X]:
    with network(tmp_path) as found:
        yield found


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


@pytest.fixture
def approver() -> User:
    return factories.staff("approver")


def test_on_x_the_private_answer_begins_a_conversation_of_its_own(x: X, agent: User, approver: User):
    account = on_x(x)
    x.says("katja_brandt", SAID)
    (message,) = hear(account)
    public = message.conversation
    placement = placed(left(released(approver, submitted(agent, message, ANSWER, public=False))))
    private = placement.conversation
    assert (private.public, private.handle, private.waiting_since) == (False, public.handle, None)
    assert placement.external_id.startswith("dm:")
    public.refresh_from_db()
    assert public.waiting_since is None
    assert [p.pk for p in private_answers(public)] == [placement.pk]

    x.practice("POST", "dms", {"as": "katja_brandt", "text": "Danke! Nummer 4711."})
    (thanks,) = hear(account)
    assert thanks.conversation == private
    assert list(Message.objects.filter(conversation=private).order_by("pk").values_list("direction", flat=True)) == [
        "out",
        "in",
    ]


def test_on_facebook_the_customers_private_answer_joins_it(meta: Meta, agent: User, approver: User):
    account = on_facebook(meta)
    meta.says("katja_brandt", SAID, meta.page_post())
    (message,) = hear(account)
    placement = placed(left(released(approver, submitted(agent, message, ANSWER, public=False))))
    private = placement.conversation
    assert (private.public, private.handle) == (False, message.conversation.handle)
    meta.writes("katja_brandt", "Danke, das hilft.")
    (thanks,) = hear(account)
    assert thanks.conversation == private
    assert Conversation.objects.count() == 2


def test_a_second_private_reply_to_a_comment_is_refused_before_it_is_tried(meta: Meta, agent: User, approver: User):
    account = on_facebook(meta)
    meta.says("katja_brandt", SAID, meta.page_post())
    (message,) = hear(account)
    placed(left(released(approver, submitted(agent, message, ANSWER, public=False))))
    with pytest.raises(Refusal, match="Facebook allows one private reply"):
        submitted(agent, message, "Noch etwas.", public=False)
    assert submitted(agent, message, "Noch etwas.", public=True).state == "waiting"


@pytest.mark.parametrize(("wrote_back", "outcome", "letters"), [(True, "delivered", 2), (False, "person", 1)])
def test_a_private_answer_is_followed_by_another_message_when_its_text_changed(
    meta: Meta, agent: User, approver: User, wrote_back: bool, outcome: str, letters: int
):
    """Facebook lets us write again only after the person wrote to us; else the correction is a person's."""
    account = on_facebook(meta)
    meta.says("katja_brandt", SAID, meta.page_post())
    (message,) = hear(account)
    question = factories.question(hours=48)
    draft = drafts.begin(by=agent, conversation=message.conversation)
    draft = drafts.set_public(by=agent, draft=draft, public=False)
    draft = drafts.insert(by=agent, draft=draft, question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=message.pk)
    placement = placed(left(draft.delivery))
    if wrote_back:
        meta.writes("katja_brandt", "Danke, das hilft.")
        hear(account)
    version = factories.publish(question, hours=24)
    (item,) = Correction.objects.get(version=version).items.all()
    assert (item.placement, item.how) == (placement, How.FOLLOW_UP)
    editor = factories.staff("editor")
    batch = corrections.submit(by=editor, correction=item.correction)
    corrections.approve(by=approver, correction=batch, digest=corrections.digest_of(batch))
    corrections.carry_out(batch.pk)
    item.refresh_from_db()
    assert left(item.delivery).state == outcome
    written = [m["text"] for m in _letters(meta)]
    assert len(written) == letters
    assert ("24 Stunden" in written[-1]) == wrote_back


def test_an_untouched_rendering_is_fitted_to_the_new_place(x: X, agent: User):
    account = on_x(x)
    x.says("katja_brandt", "@nordnetz Router blinkt orange")
    (message,) = hear(account)
    body = "Das dauert etwas. " * 30
    question = factories.question(body=body)
    draft = drafts.begin(by=agent, conversation=message.conversation)
    draft = drafts.insert(by=agent, draft=draft, question=question)
    assert draft.text == "Bitte warten Sie 48 Stunden."
    draft = drafts.set_public(by=agent, draft=draft, public=False)
    assert draft.text.startswith(body.strip())
    assert draft.unchanged
    draft = drafts.save(by=agent, draft=draft, text="Eigene Worte.")
    assert drafts.set_public(by=agent, draft=draft, public=True).text == "Eigene Worte."


def test_what_was_asked_in_private_is_never_answered_in_public(agent: User):
    message = factories.message(factories.mastodon_account(), public=False)
    with pytest.raises(Refusal, match="never answered in public"):
        submitted(agent, message, ANSWER, public=True)


def test_a_place_without_private_messages_offers_none(agent: User):
    message = factories.message(factories.portal_account())
    with pytest.raises(Refusal, match="no way"):
        submitted(agent, message, ANSWER, public=False)
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    page = client.get(reverse("desk:conversation", args=[message.conversation_id])).content.decode()
    assert "Answer in private" not in page


def test_the_composer_turns_and_keeps_what_was_typed(agent: User):
    message = factories.message(factories.mastodon_account())
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    where = reverse("desk:draft-visibility", args=[message.conversation_id])
    page = client.post(where + "?public=0", {"text": "Ihre Nummer?", "seen": message.pk}, follow=True).content.decode()
    assert "composer-private" in page
    assert "Submit privately" in page
    assert "Ihre Nummer?" in page
    assert Draft.objects.get().public is False
    fragment = client.post(where + "?public=1", {"text": "Ihre Nummer?"}, headers={"HX-Request": "true"})
    assert "composer-public" in fragment.content.decode()


def _letters(meta: Meta) -> list[dict[str, str]]:
    found = meta.practice("GET", "threads")["conversations"]
    return [m for one in found if one["network"] == "facebook" for m in one["messages"] if m["author"] == "nordnetz"]
