"""The day's budget for publishing: beyond it people are asked, never silently refused or charged."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hilft.channels.commands import connect_account
from hilft.channels.models import Account, Spending
from hilft.channels.spending import today
from hilft.inbox.models import Message
from hilft.inbox.queries import last_seen
from hilft.people.models import User
from hilft.publishing.budgets import OverBudget, of_corrections
from hilft.publishing.commands import corrections, drafts
from hilft.publishing.models import Correction, Draft
from tests import factories
from tests.practice.x.conftest import BRAND
from tests.publishing.places import submitted

pytestmark = pytest.mark.django_db
ANSWER = "Der Techniker kommt morgen zwischen 8 und 12 Uhr."


@pytest.fixture
def account() -> Account:
    settings: dict[str, object] = {
        "base_url": "http://127.0.0.1:9",
        "user_id": BRAND,
        "publish_budget_usd_a_day": 0.05,
    }
    return connect_account(by=None, kind="x", name="NordNetz auf X", handle="@n", settings=settings, secrets={})


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


def spent(account: Account, usd: str) -> None:
    Spending.objects.create(account=account, day=today(), price="price.post", calls=1, usd=Decimal(usd))


def test_what_the_budget_covers_passes(account: Account, agent: User):
    spent(account, "0.03")
    assert submitted(agent, factories.message(account), ANSWER).state == "waiting"


def test_what_it_does_not_cover_is_asked_about(account: Account, agent: User):
    spent(account, "0.04")
    message = factories.message(account)
    with pytest.raises(OverBudget, match=r"costs 0\.015 \$.*NordNetz auf X only 0\.010 \$"):
        submitted(agent, message, ANSWER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    where = reverse("desk:draft-submit", args=[message.conversation_id])
    form = {"text": ANSWER, "seen": last_seen(message.conversation)}
    page = client.post(where, form)
    assert (page.status_code, Draft.objects.get().state) == (409, "editing")
    assert "Send it anyway" in page.content.decode()
    assert ANSWER in page.content.decode()
    assert client.post(where, form | {"anyway": "1"}).status_code == 303
    assert Draft.objects.get().state == "waiting"


def test_what_waits_to_leave_counts_already(account: Account, agent: User):
    question = factories.question()
    for number in range(3):
        message = factories.message(account, f"Frage {number}", who=f"guest{number}")
        draft = drafts.insert(
            by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question
        )
        assert drafts.submit(by=agent, draft=draft, text=draft.text, seen=message.pk).state == "released"
    with pytest.raises(OverBudget):
        submitted(agent, factories.message(account, who="fourth"), ANSWER)


def test_a_batch_of_corrections_says_its_price_and_is_asked_about(account: Account, agent: User):
    question = factories.question(hours=48)
    for number in range(4):
        _placed(account, agent, question, f"guest{number}")
    version = factories.publish(question, hours=24)
    batch = Correction.objects.get(version=version)
    assert of_corrections(batch.items.select_related("placement__account")) == {account: Decimal("0.060")}
    editor = factories.staff("editor")
    client = Client(headers={"accept-language": "en"})
    client.force_login(editor)
    page = client.get(reverse("desk:correction", args=[batch.pk])).content.decode()
    assert "NordNetz auf X charges $0.06 for this batch." in page
    with pytest.raises(OverBudget):
        corrections.submit(by=editor, correction=batch)
    asked = client.post(reverse("desk:correction-submit", args=[batch.pk]))
    assert (asked.status_code, "Submit it anyway" in asked.content.decode()) == (409, True)
    client.post(reverse("desk:correction-submit", args=[batch.pk]), {"anyway": "1"})
    batch.refresh_from_db()
    assert batch.state == "waiting"


def _placed(account: Account, agent: User, question: object, who: str) -> None:
    from hilft.channels.contract import Ref, Sent
    from hilft.publishing.commands.deliveries import succeed

    message: Message = factories.message(account, f"Was tun, fragt {who}?", who=who)
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)  # type: ignore[arg-type]
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=message.pk, anyway=True)
    succeed(draft.delivery, Sent(ref=Ref("x", str(account.pk), f"90{message.pk}"), at=message.at))
