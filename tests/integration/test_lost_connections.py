"""A lost sign-in, a removed adapter and a long silence leave old conversations readable and drafts intact."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hilft.base.clock import now
from hilft.channels import registry
from hilft.channels.commands import set_state, store
from hilft.channels.enums import AccountState
from hilft.channels.models import Account
from hilft.desk.operator.connecting import FORMS
from hilft.inbox.intake import read_new_events
from hilft.inbox.lists import counts
from hilft.inbox.models import Message
from hilft.people.models import User
from hilft.publishing.commands import drafts
from hilft.publishing.models import Draft
from tests import factories
from tests.inbox.arriving import MORNING, status

pytestmark = pytest.mark.django_db
WORDS = "Seit dem Umzug blinkt der Router orange. Können Sie helfen?"


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


@pytest.fixture
def account() -> Account:
    return factories.mastodon_account()


@pytest.fixture
def message(account: Account) -> Message:
    return factories.message(account, WORDS)


@pytest.fixture
def draft(agent: User, message: Message) -> Draft:
    begun = drafts.begin(by=agent, conversation=message.conversation)
    return drafts.save(by=agent, draft=begun, text="Das klären wir gern.")


def page(user: User, name: str, *args: object) -> tuple[int, str]:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    answer = client.get(reverse(f"desk:{name}", args=args))
    return answer.status_code, answer.content.decode()


def readable(agent: User, message: Message) -> None:
    status, text = page(agent, "conversation", message.conversation_id)
    assert status == 200
    assert WORDS in text
    assert "Das klären wir gern." in text
    assert page(agent, "conversations")[0] == 200
    assert page(factories.staff("lead"), "placements")[0] == 200
    assert page(factories.staff("operator"), "accounts")[0] == 200


def test_a_revoked_token(agent: User, account: Account, message: Message, draft: Draft):
    set_state(by=None, account=account, state=AccountState.LOST, reason="The token was revoked.")
    readable(agent, message)
    assert Draft.objects.get(pk=draft.pk).text == "Das klären wir gern."


def test_pitfall_6_an_adapter_is_removed(agent: User, message: Message, draft: Draft, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(registry.KINDS, "mastodon")
    monkeypatch.delitem(FORMS, "mastodon")
    registry._adapters.clear()
    readable(agent, message)
    assert Draft.objects.get(pk=draft.pk).text == "Das klären wir gern."


def test_what_comes_after_a_gap_of_weeks_counts_from_when_people_asked(
    agent: User, account: Account, message: Message, draft: Draft
):
    """How adapters fill the gap itself is asked of each by the contract suite, against its real peer."""
    store(account, [status(41, "Kein Netz seit heute früh"), status(42, "Und die Rechnung?", who="9")])
    read_new_events()
    assert now() - MORNING > timedelta(days=7)
    assert counts(agent).oldest == MORNING
    readable(agent, message)
    assert Draft.objects.get(pk=draft.pk).text == "Das klären wir gern."
