"""Whoever opens a drawn reply has it for a while: nobody else begins it, and silent takers lose it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.people.errors import NotAllowed
from hilft.people.models import User
from hilft.quality.commands import reviewing
from hilft.quality.models import Sample, Taken
from hilft.quality.queries import being_reviewed, taken_by, to_review
from hilft.quality.rules import TAKEN_FOR
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import said as posted
from tests.desk.test_quality import form, seen
from tests.quality.made import drawn, said, scored

pytestmark = pytest.mark.django_db


def queues(*users: User) -> list[tuple[list[Sample], list[Sample]]]:
    """What each finds to review, and in the hands of others."""
    return [(list(to_review(user)), list(being_reviewed(user))) for user in users]


def test_who_opens_it_has_it_and_the_second_gets_the_next(desk: Desk):
    one, two = factories.staff("trainer", name="Petra Voss"), factories.staff("lead")
    first, second = drawn(), drawn()
    url = reverse("desk:quality-review", args=[first.pk])
    ours, theirs = desk(one), desk(two)
    assert ours.get(url).status_code == 200
    page = theirs.get(url, follow=True)
    assert page.redirect_chain == [(reverse("desk:quality-review", args=[second.pk]), 303)]
    assert "Petra Voss is reviewing this since" in page.content.decode()
    assert "Here is the next one." in page.content.decode()
    assert queues(one, two) == [([first], [second]), ([second], [first])]
    assert "you are reviewing this" in seen(ours, "desk:quality")
    row = seen(theirs, "desk:quality").partition("Others are reviewing these")[2]
    assert ("Petra Voss" in row, "reviewing since" in row) == (True, True)
    assert "Reviewed. The next one waits." in posted(ours, url, **form())
    posted(theirs, url, **form())
    assert list(first.reviews.values_list("reviewer", flat=True)) == [one.pk]
    assert not Taken.objects.filter(reviewer=one).exists()


def test_where_nothing_else_waits_the_second_goes_back_to_the_queue(desk: Desk):
    sample = drawn()
    reviewing.take(by=factories.staff("trainer"), sample=sample)
    answer = desk(factories.staff("lead")).get(reverse("desk:quality-review", args=[sample.pk]))
    assert (answer.status_code, answer.url) == (303, reverse("desk:quality"))


def test_two_may_review_it_at_once_where_two_shall_and_see_nobodys_name(desk: Desk):
    one, two, three = (factories.staff("trainer", name=f"Name {name}") for name in ("Eins", "Zwei", "Drei"))
    sample = drawn(twice=True)
    url = reverse("desk:quality-review", args=[sample.pk])
    clients = [desk(one), desk(two), desk(three)]
    assert [client.get(url).status_code for client in clients] == [200, 200, 303]
    assert queues(one, two, three) == [([sample], []), ([sample], []), ([], [sample])]
    pages = "".join(seen(client, "desk:quality") for client in clients) + clients[1].get(url).content.decode()
    assert "others are reviewing this" in pages
    assert "reviewing since" not in pages
    assert "Name Eins" not in seen(clients[1], "desk:quality") + seen(clients[2], "desk:quality")
    scored(sample, one, tone="missed")
    assert "Bitte anders." not in clients[1].get(url).content.decode()
    assert clients[2].get(url).status_code == 303, "the second place is still taken"
    scored(sample, two)
    assert sorted(sample.reviews.values_list("reviewer", flat=True)) == sorted([one.pk, two.pk])


def test_whoever_opens_another_lets_go_of_the_first():
    one, two = factories.staff("trainer"), factories.staff("lead")
    first, second = drawn(), drawn()
    reviewing.take(by=one, sample=first)
    reviewing.take(by=one, sample=second)
    reviewing.take(by=two, sample=first)
    assert {taken.reviewer: taken.sample for taken in Taken.objects.all()} == {one: second, two: first}
    assert Entry.objects.filter(verb="quality.take").count() == 3


def test_the_silent_lose_it_and_whoever_opens_it_again_does_not(desk: Desk):
    one, two = factories.staff("trainer"), factories.staff("lead", name="Lena Lead")
    sample, began = drawn(), now()
    with time_machine.travel(began, tick=False):
        reviewing.take(by=one, sample=sample)
    with time_machine.travel(began + TAKEN_FOR - timedelta(minutes=1), tick=False):
        reviewing.take(by=one, sample=sample)
        held = taken_by(one)
    assert (held and held.since, Entry.objects.filter(verb="quality.take").count()) == (began, 1)
    with time_machine.travel(began + 2 * TAKEN_FOR, tick=False):
        assert queues(one, two) == [([sample], []), ([sample], [])]
        reviewing.take(by=two, sample=sample)
        with pytest.raises(reviewing.Busy):
            reviewing.score(by=one, sample=sample, **said())
        client = desk(one)
        page = client.post(reverse("desk:quality-review", args=[sample.pk]), form(tone="missed")).content.decode()
    assert "Lena Lead is reviewing this since" in page
    assert "Bitte anders." in page, "what was written is not lost"
    assert sample.reviews.count() == 0


def test_a_late_review_counts_where_nobody_else_began(desk: Desk):
    one, sample, began = factories.staff("trainer"), drawn(), now()
    with time_machine.travel(began - 2 * TAKEN_FOR, tick=False):
        reviewing.take(by=one, sample=sample)
    scored(sample, one)
    assert sample.state == "done"


def test_nobody_takes_what_they_could_not_review():
    both = factories.staff("agent", "trainer")
    for user, sample in ((both, drawn(both)), (factories.staff("agent"), drawn())):
        with pytest.raises(NotAllowed):
            reviewing.take(by=user, sample=sample)
    assert not Taken.objects.exists()
