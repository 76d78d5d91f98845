"""The navigation: who is led where, and which groups are open."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from hilft.desk.areas import AREAS, shown
from tests import factories
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db

LINKS = [link for group in AREAS for link in group.links]


def opened(client: Client, name: str) -> list[str]:
    page = client.get(reverse(name)).content.decode()
    groups = re.findall(r'<details class="nav-group" data-area="(\w+)"( open)?>', page)
    return list(dict.fromkeys(area for area, opens in groups if opens))


def test_every_link_leads_somewhere_by_a_key_of_its_own():
    assert all(reverse(link.page) for link in LINKS)
    keys = [link.key for link in LINKS if link.key]
    assert len(keys) == len(set(keys))


def test_answers_are_open_until_somebody_closes_them_and_so_is_where_one_is(desk: Desk):
    client = desk(factories.staff("operator", "lead"))
    assert opened(client, "desk:contacts") == ["answers"]
    assert opened(client, "desk:accounts") == ["answers", "operation"]
    client.cookies["areas"] = "training.quality"
    assert opened(client, "desk:contacts") == ["training", "quality"]
    client.cookies["areas"] = ""
    assert opened(client, "desk:accounts") == ["operation"]


def test_nobody_is_led_where_they_may_not_go(desk: Desk):
    page = desk(factories.staff("agent")).get(reverse("desk:contacts")).content.decode()
    assert [f'href="{reverse(name)}"' in page for name in ("desk:macros", "desk:accounts", "desk:staff")] == [
        True,
        False,
        False,
    ]
    assert 'data-area="operation"' not in page


def test_a_closed_group_says_how_much_in_it_wants_attention():
    may = {name: True for link in LINKS for name in link.may}
    found = {
        one.group.code: (one.alerts, one.open)
        for one in shown(
            view="open", may=may, number={"open": 7, "mentions": 1, "stuck": 2, "troubled": 3}.get, opened=()
        )
    }
    assert (found["work"], found["operation"], found["answers"]) == ((3, True), (3, False), (0, False))
