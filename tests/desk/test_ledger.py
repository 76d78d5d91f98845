"""The placement ledger: every reply out there, and everything that led to it."""

import pytest
from django.urls import reverse

from hilft.publishing.commands import corrections
from hilft.publishing.models import Correction, Delivery
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(desk, django_assert_num_queries, rows):
    agent, question = factories.staff("agent"), factories.question()
    for _ in range(rows):
        made.reply(agent, question)
    client = desk(agent)
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:placements")).content.decode()
    assert page.count('class="row-link"') == rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("q=umgeschaltet", 2),
        ("q=gibtesnicht", 0),
        ("state=current", 2),
        ("state=outdated", 0),
        ("kind=portal", 2),
        ("kind=mastodon", 0),
        ("question=1e9", 2),
    ],
)
def test_narrowing(desk, query, found):
    agent = factories.staff("agent")
    made.reply(agent, factories.question())
    made.reply(agent, factories.question())
    page = desk(agent).get(f"{reverse('desk:placements')}?{query}").content.decode()
    assert page.count('class="row-link"') == found
    assert ("No placement fits" in page) == (found == 0)


def test_by_question(desk):
    agent, question = factories.staff("agent"), factories.question()
    made.reply(agent, question)
    made.reply(agent, factories.question())
    page = desk(agent).get(f"{reverse('desk:placements')}?question={question.pk}").content.decode()
    assert page.count('class="row-link"') == 1


def test_one_click_from_the_post_to_its_version_and_its_history(desk):
    editor, approver = factories.staff("editor"), factories.staff("approver")
    batch = corrections.submit(by=editor, correction=made.batch(editor))
    corrections.approve(by=approver, correction=batch, digest=corrections.digest_of(batch))
    corrections.carry_out(batch.pk)
    made.leave(Delivery.objects.get(action="edit"))
    item = Correction.objects.get().items.get()
    page = desk(editor).get(reverse("desk:placement", args=[item.placement_id])).content.decode()
    question = batch.version.answer.question_id
    assert f"{reverse('desk:question', args=[question])}#v2" in page
    assert "Passed without a second person" in page
    assert "Unchanged rendering of a validated answer" in page
    assert "<del>48</del><ins>72</ins>" in page
    assert reverse("desk:correction", args=[batch.pk]) in page


@pytest.mark.parametrize("role", made.ROLES)
def test_everybody_at_the_desk_may_read_it(desk, role):
    placement = made.reply(factories.staff("agent"), factories.question())
    client = desk(factories.staff(role))
    assert made.status(client, "desk:placements") == 200
    assert made.status(client, "desk:placement", placement.pk) == 200
    assert made.status(client, "desk:placement", 999) == 404


def test_nothing_yet(desk):
    assert (
        "Nothing stands out there yet"
        in desk(factories.staff("agent")).get(reverse("desk:placements")).content.decode()
    )
