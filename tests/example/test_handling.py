"""What the example's rules and macros do to what comes in and goes out."""

import pytest

from hilft.channels.models import Account
from hilft.example.commands import seed
from hilft.inbox.handling.intake_rules import ask
from hilft.inbox.models import Conversation, Message
from hilft.people.models import User
from hilft.publishing.macros.commands import run
from hilft.publishing.macros.models import Macro
from tests import factories
from tests.example.test_commands import NOWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HILFT_DATA", raising=False)
    seed(NOWHERE)


def asked(text: str) -> Message:
    message = factories.message(Account.objects.get(kind="portal"), text)
    ask(message, late=False)
    message.conversation.refresh_from_db()
    return message


@pytest.mark.parametrize(
    ("text", "tags", "team", "sorted_out"),
    [
        ("Seit heute früh ist alles komplett tot.", ["ausfall"], "Festnetz & Störung", ""),
        ("Wenn das so weitergeht, sehen wir uns beim Anwalt.", ["heikel"], None, ""),
        ("Jetzt 5000 Follower kaufen, nur 9 Euro!", [], None, "spam"),
        ("Was kostet die eSIM?", [], None, ""),
    ],
)
def test_what_comes_in_is_tagged_given_to_a_team_or_sorted_out(text, tags, team, sorted_out):
    conversation = asked(text).conversation
    found = (conversation.tags, conversation.team and conversation.team.name, conversation.sorted_out)
    assert found == (tags, team, sorted_out)


def test_the_macros_write_with_the_name_of_whoever_runs_them():
    mara = User.objects.get(email="mara.koehler@nordnetz.example")
    for macro, number in ((one, count) for count, one in enumerate(Macro.objects.order_by("pk"))):
        conversation = Conversation.objects.get(pk=asked(f"Danke, Frage {number}.").conversation_id)
        draft = run(by=mara, conversation=conversation, macro=macro)
        assert draft.text.endswith("Viele Grüße, Mara Köhler")
    assert list(Macro.objects.order_by("pk").values_list("label", "used")) == [
        ("Kundennummer erfragen", 1),
        ("Bedanken und abschließen", 1),
    ]
