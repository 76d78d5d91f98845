"""Many at once: planned before it happens, going on after a crash, undone except for what was changed since."""

import pytest
from django.utils.translation import override

from hilft.audit.models import Entry
from hilft.inbox.handling import bulk, steps
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.models import Bulk
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.models import Conversation
from hilft.inbox.tasks import go_on_with_bulk
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


@pytest.fixture
def conversations() -> list[Conversation]:
    account = factories.portal_account()
    return [factories.message(account, who=f"guest{number}").conversation for number in range(5)]


def started(agent: User, conversations: list[Conversation], wanted: Wanted) -> Bulk:
    return bulk.start(by=agent, bulk=bulk.plan(by=agent, conversations=conversations, wanted=wanted))


def test_a_plan_says_what_it_touches_and_skips(agent: User, conversations: list[Conversation]):
    steps.take(by=agent, conversation=conversations[0], wanted=Wanted(Do.CLOSE))
    with override("en"):
        planned = bulk.plan(by=agent, conversations=Conversation.objects.order_by("pk"), wanted=Wanted(Do.CLOSE))
        assert bulk.reasons(planned) == [("It is done already.", 1)]
    assert planned.rows.filter(settled=False).count() == 4
    assert Conversation.objects.filter(state="done").count() == 1
    assert Entry.objects.filter(verb="inbox.plan_bulk").count() == 1
    bulk.plan(by=agent, conversations=conversations, wanted=Wanted(Do.SPAM))
    assert Bulk.objects.count() == 1, "a new plan replaces the one that was not carried out"


def test_it_goes_on_where_it_was_interrupted(agent: User, conversations: list[Conversation]):
    running = started(agent, conversations, Wanted(Do.SNOOZE, 4))
    assert bulk.go_on(running, most=2) is True
    assert Conversation.objects.filter(state="later").count() == 2
    go_on_with_bulk(running.pk)
    running.refresh_from_db()
    assert (running.state, Conversation.objects.filter(state="later").count()) == ("done", 5)
    assert Entry.objects.filter(verb="inbox.snooze").count() == 5
    assert bulk.go_on(running) is False
    assert Entry.objects.filter(verb="inbox.snooze").count() == 5, "no row twice"


def test_what_changed_after_the_plan_is_skipped_with_its_reason(agent: User, conversations: list[Conversation]):
    with override("en"):
        running = started(agent, conversations, Wanted(Do.CLOSE))
        steps.take(by=agent, conversation=conversations[2], wanted=Wanted(Do.CLOSE))
        bulk.go_on(running)
    row = running.rows.get(conversation=conversations[2])
    assert (row.step, row.skipped) == (None, "It is done already.")


def test_one_undo_for_all_names_what_was_changed_since(agent: User, conversations: list[Conversation]):
    before = {one.pk: (one.state, one.waiting_since) for one in Conversation.objects.all()}
    running = started(agent, conversations, Wanted(Do.CLOSE))
    bulk.go_on(running)
    changed = conversations[3]
    factories.message(changed.account, "Und noch etwas", thread=changed.thread, who="guest3")
    bulk.go_on(bulk.take_back(by=agent, bulk=running))
    running.refresh_from_db()
    assert running.state == "undone"
    assert list(running.rows.filter(kept=True).values_list("conversation", flat=True)) == [changed.pk]
    after = {one.pk: (one.state, one.waiting_since) for one in Conversation.objects.all()}
    assert {pk: after[pk] for pk in after if pk != changed.pk} == {pk: before[pk] for pk in before if pk != changed.pk}
    assert Entry.objects.filter(verb="inbox.undo_bulk", actor=agent).count() == 1


def test_refusals(agent: User, conversations: list[Conversation]):
    with pytest.raises(NotAllowed):
        bulk.plan(by=factories.staff("editor"), conversations=conversations, wanted=Wanted(Do.CLOSE))
    with pytest.raises(Refusal):
        bulk.plan(by=agent, conversations=[], wanted=Wanted(Do.CLOSE))
    planned = bulk.plan(by=agent, conversations=conversations, wanted=Wanted(Do.CLOSE))
    with pytest.raises(Refusal):
        bulk.start(by=factories.staff("agent"), bulk=planned)
    with pytest.raises(Refusal):
        bulk.take_back(by=agent, bulk=planned)
