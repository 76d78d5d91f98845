"""The desk does what docs/permissions.md says, for each role and state, and offers only that."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import resolve

from tests.permissions import matrix
from tests.permissions.page import PAGE, written
from tests.permissions.scene import Cast, everything

pytestmark = pytest.mark.django_db
LINK = re.compile(r'\b(href|action|hx-get|hx-post)="(/desk/[^"#?]*)')


def test_the_table_is_what_the_desk_does():
    """Write it anew with `python -m tests.permissions` and read what changed."""
    assert written().splitlines() == PAGE.read_text("utf-8").splitlines()


def test_guests_are_sent_to_the_sign_in():
    things = everything(Cast())
    guest = Client()
    for route, name in matrix.routes():
        address = matrix.filled(route, things)
        for ask in (guest.get, guest.post):
            answer = ask(address)
            assert answer.status_code in {302, 405}, name
            assert answer.status_code == 405 or answer["Location"].startswith("/konto/login/"), name


def offered(page: str) -> Iterator[tuple[str, str]]:
    """Method and address of every link and button."""
    for kind, address in LINK.findall(page):
        yield ("POST" if kind in {"action", "hx-post"} else "GET"), address


@pytest.mark.parametrize("role", matrix.ROLES[:-1])
def test_no_page_offers_what_its_reader_may_not(role: str):
    cast = Cast()
    things, client = everything(cast), matrix.clients(cast)[role]
    tried: set[tuple[str, str]] = set()
    wrong = []
    for route, _name in matrix.routes():
        answer = client.get(matrix.filled(route, things))
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        # One of each kind on a page; what every page offers, once.
        kinds = {(method, resolve(address).view_name): address for method, address in offered(answer.content.decode())}
        for (method, name), address in kinds.items():
            if (method, address) not in tried:
                tried.add((method, address))
                found = matrix.outcome(client, method, address)
                if found in {"forbidden", "absent"}:
                    wrong.append((route, method, name, address, found))
    assert not wrong, "\n".join(map(str, wrong))
