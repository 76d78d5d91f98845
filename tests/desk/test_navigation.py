"""The way around the desk by keyboard: every place has keys of its own."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from hilft.people.enums import Role
from tests import factories
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


def test_no_two_places_have_the_same_keys(desk: Desk):
    page = desk(factories.staff(*Role.values)).get(reverse("desk:conversations")).content.decode()
    keys = Counter(re.findall(r'data-key="(g [^"]+)"', page))
    assert len(keys) > 20
    assert [key for key, times in keys.items() if times > 1] == []


OWN_SEARCH = ["desk:questions", "desk:placements", "desk:contacts"]


def on_top(page: str) -> str:
    """What stands in the search field of the page's head."""
    return re.search(r'<input type="search" name="q" value="([^"]*)" placeholder="Search or command', page)[1]


@pytest.mark.parametrize("name", OWN_SEARCH)
def test_the_search_on_top_does_not_show_what_a_page_was_asked(desk: Desk, name: str):
    page = desk(factories.staff(*Role.values)).get(reverse(name), {"q": "Router"}).content.decode()
    assert on_top(page) == ""
    assert re.search(r'id="q" name="q" value="([^"]*)"', page)[1] == "Router"


def test_the_search_on_top_shows_what_it_was_asked_beside_what_it_found(desk: Desk):
    client, message = desk(factories.staff("agent")), factories.message(factories.mastodon_account())
    found = [
        reverse("desk:conversations"),
        reverse("desk:conversation", args=[message.conversation_id]),
        reverse("desk:merge", args=[message.conversation_id]),
    ]
    shown = [on_top(client.get(url, {"q": "Router"}).content.decode()) for url in found]
    assert shown == ["Router", "Router", ""]
