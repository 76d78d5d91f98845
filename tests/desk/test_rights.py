"""The list of rights over answers: who grants, what is seen, what it costs."""

import pytest
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.people.models import User
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import ROLES, said, status

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(desk: Desk, django_assert_num_queries, rows: int):
    for _ in range(rows):
        factories.staff("agent")
    client = desk(factories.staff("lead"))
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:rights")).content.decode()
    assert page.count("<select name=") == rows


def test_a_lead_grants_a_right_and_takes_it_back(desk: Desk):
    agent, client = factories.staff("agent", name="Mara Lüders"), desk(factories.staff("lead"))
    url = reverse("desk:right-grant", args=[agent.pk])
    assert "Saved: Mara Lüders" in said(client, url, right="contributor")
    assert User.objects.get(pk=agent.pk).right == "contributor"
    said(client, url, right="")
    assert User.objects.get(pk=agent.pk).right == ""
    assert Entry.objects.filter(verb="people.grant_right").count() == 2
    assert "Choose one of the rights." in said(client, url, right="king")


def test_nobody_grants_their_own(desk: Desk):
    lead = factories.staff("lead")
    client = desk(lead)
    assert "A colleague grants yours." in client.get(reverse("desk:rights")).content.decode()
    assert "Nobody grants a right to themselves." in said(
        client, reverse("desk:right-grant", args=[lead.pk]), right="publisher"
    )


def test_only_leads_and_operators_see_it(desk: Desk):
    found = {role: status(desk(factories.staff(role)), "desk:rights") for role in ROLES}
    assert found == {"agent": 403, "approver": 403, "editor": 403, "lead": 200, "operator": 200}
