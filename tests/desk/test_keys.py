"""The operator's screen of keys: shown once, ended with one click."""

import re

import pytest
from django.urls import reverse

from hilft.people.keys import create_key
from hilft.people.models import ApiKey
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_many(desk, django_assert_num_queries, rows):
    operator = factories.staff("operator")
    for _ in range(rows):
        create_key(by=operator, name="Dashboard", rights=["networks"])
    client = desk(operator)
    with django_assert_num_queries(11):
        page = client.get(reverse("desk:keys")).content.decode()
    assert page.count(">End it<") == rows


def test_a_key_is_shown_once_works_and_ends(desk, client):
    operator = desk(factories.staff("operator"))
    assert "No program has a key yet." in operator.get(reverse("desk:keys")).content.decode()
    page = operator.post(reverse("desk:keys"), {"name": "Board", "rights": ["networks"]}).content.decode()
    (words,) = re.findall(r"<code>(hk_[\w-]{43})</code>", page)
    assert words not in operator.get(reverse("desk:keys")).content.decode()
    header = {"authorization": f"Bearer {words}"}
    assert client.get("/api/v1/networks", headers=header).status_code == 200
    page = made.said(operator, reverse("desk:key-end", args=[ApiKey.objects.get().pk]))
    assert "opens nothing any more" in page
    assert "ended" in page
    assert client.get("/api/v1/networks", headers=header).status_code == 401


def test_what_is_missing_is_said(desk):
    page = desk(factories.staff("operator")).post(reverse("desk:keys"), {"name": ""}).content.decode()
    assert page.count("This field is required.") == 2
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", made.ROLES)
def test_only_operators_come_here(desk, role):
    key, _words = create_key(by=factories.staff("operator"), name="Board", rights=["networks"])
    client, allowed = desk(factories.staff(role)), role == "operator"
    assert made.status(client, "desk:keys") == (200 if allowed else 403)
    assert client.post(reverse("desk:keys"), {"name": "x", "rights": ["networks"]}).status_code == (
        200 if allowed else 403
    )
    assert client.post(reverse("desk:key-end", args=[key.pk])).status_code == (303 if allowed else 403)
