"""Deliveries that need a person."""

import pytest
from django.urls import reverse

from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(desk, django_assert_num_queries, rows):
    agent = factories.staff("agent")
    for _ in range(rows):
        made.stuck(agent)
    client = desk(agent)
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:stuck")).content.decode()
    assert page.count("No answer came.") == rows


def test_a_person_says_what_is_so(desk):
    agent = factories.staff("agent")
    again, settled = made.stuck(agent), made.stuck(agent)
    client = desk(agent)
    client.post(reverse("desk:delivery-again", args=[again.pk]))
    client.post(reverse("desk:delivery-settle", args=[settled.pk]), {"remark": "Steht da."})
    again.refresh_from_db()
    settled.refresh_from_db()
    assert (again.state, settled.state, settled.error) == ("queued", "cancelled", "Steht da.")
    assert "Everything arrived" in client.get(reverse("desk:stuck")).content.decode()


@pytest.mark.parametrize(
    ("role", "acts"), [("agent", True), ("approver", True), ("editor", False), ("lead", True), ("operator", False)]
)
def test_everybody_sees_it_and_those_who_answer_act(desk, role, acts):
    delivery = made.stuck(factories.staff("agent"))
    client = desk(factories.staff(role))
    page = client.get(reverse("desk:stuck")).content.decode()
    assert ("It is not there: send again" in page) == acts
    answer = client.post(reverse("desk:delivery-again", args=[delivery.pk]))
    assert answer.status_code == (303 if acts else 403)
