"""The works-council mode: no screen shows somebody's name with a figure of their work to anybody else."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from hilft.approvals.enums import Decision, Tier
from hilft.approvals.models import Approval, Rule
from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.channels.commands import connect_account
from hilft.escalation.commands.handovers import hand_over
from hilft.escalation.commands.settings import save_department, save_level
from hilft.escalation.models import Turn
from hilft.inbox.commands import assign
from hilft.people.council import SMALLEST, is_agreed, set_mode, shows
from hilft.people.enums import Role
from hilft.people.errors import NotAllowed
from hilft.people.models import User
from hilft.publishing.models import SUBJECT_DRAFT
from tests import factories
from tests.desk import made
from tests.desk.conftest import Desk
from tests.permissions import matrix
from tests.permissions.scene import Cast, everything
from tests.training.made import examined, module, read_all

pytestmark = pytest.mark.django_db
NAME = "Ada Beispiel"


class Screen(NamedTuple):
    """A page on which a figure of Ada's would stand, who may open it, and what the figure looks like there."""

    role: str
    ask: Callable[[Client, User], str]
    figure: str


def _exam(client: Client, ada: User) -> str:
    found = module(bank=4, drawn=4, task=False)
    read_all(ada, found)
    return client.get(reverse("desk:exam", args=[examined(ada, found, wrong=1).pk])).content.decode()


def _level(client: Client, ada: User) -> str:
    department = save_department(by=None, name="Technik", topics=[], reach="inside")
    save_level(by=None, department=department, name="Schicht", owner=ada)
    connect_account(by=None, kind="email", name="Post", handle="post@nordnetz.example", settings={}, secrets={})
    conversation = made.asked().conversation
    handover = hand_over(by=ada, conversation=conversation, department=department, asked="Bitte prüfen.")
    since = now() - timedelta(hours=5)
    Turn.objects.filter(handover=handover).update(
        since=since, acknowledged_at=since + timedelta(minutes=47), answered_at=since + timedelta(minutes=191)
    )
    return client.get(reverse("desk:deadlines")).content.decode()


def _rules(client: Client, ada: User) -> str:
    """By Ada's record 30 % of her texts are held; only she wrote any, so the trial of a rule would tell it."""
    checker = factories.staff("approver")
    checks = [
        Approval(
            subject_kind=SUBJECT_DRAFT,
            subject_id=number,
            digest="x",
            maker=ada,
            checker=checker,
            decision=Decision.APPROVED,
            asked_at=now(),
            decided_at=now(),
            expires_at=now(),
        )
        for number in range(1, 30)
    ]
    Approval.objects.bulk_create(checks)
    Rule.objects.update(active=False)
    for _ in range(10):
        made.waiting(ada)
    data = {"label": "Alles", "tier": Tier.RECORD, "active": "on", "preview": "1"}
    data |= {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    return client.post(reverse("desk:rule-new"), data).content.decode()


SCREENS = {
    "an exam's result": Screen("trainer", _exam, "3 of 4 right"),
    "times of a level that is a person": Screen("lead", _level, "3 hours 11 minutes"),
    "a record through the trial of a rule": Screen("lead", _rules, "3 of 10 texts would have been held"),
}


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("agreed", [True, False])
def test_a_single_persons_figure_is_shown_only_where_nothing_is_agreed(desk: Desk, name: str, agreed: bool):
    screen = SCREENS[name]
    if not agreed:
        set_mode(by=factories.staff("operator"), on=False)
    page = screen.ask(desk(factories.staff(screen.role)), factories.staff("agent", "lead", name=NAME))
    assert (screen.figure in page) == (not agreed), page


@pytest.mark.parametrize("name", [name for name in SCREENS if SCREENS[name].role == "lead"])
def test_everybody_sees_their_own(desk: Desk, name: str):
    ada, screen = factories.staff("agent", "lead", name=NAME), SCREENS[name]
    assert screen.figure in screen.ask(desk(ada), ada)


def test_figures_of_many_are_shown():
    lead = factories.staff("lead")
    assert [shows(lead, range(1000, 1000 + n)) for n in (0, 1, SMALLEST - 1, SMALLEST)] == [True, False, False, True]
    assert shows(lead, {lead.pk})
    assert not shows(lead, {lead.pk, 1})


def test_who_switches_the_mode_and_that_it_is_kept(desk: Desk):
    operator = factories.staff("operator", name="Otto Orga")
    with pytest.raises(NotAllowed):
        set_mode(by=factories.staff("lead"), on=False)
    assert is_agreed()
    page = made.said(desk(operator), reverse("desk:council-mode"), on="no")
    assert ["The works-council mode is off." in page, "Otto Orga" in page] == [True, True]
    assert not is_agreed()
    agent = desk(factories.staff("agent")).get(reverse("desk:staff-data")).content.decode()
    assert ["Otto Orga" in agent, "Switch the mode on" in agent] == [True, False]
    assert "Switch the mode off" in made.said(desk(operator), reverse("desk:council-mode"), on="yes")
    assert [entry.data for entry in Entry.objects.filter(verb="people.set_council_mode").order_by("pk")] == [
        {"on": False},
        {"on": True},
    ]


class Pieces(HTMLParser):
    """Every row, list item and card of a page with its words, without what people wrote and when."""

    HOLDERS = frozenset({"tr", "li", "article", "section", "dd"})
    UNSAID = frozenset({"relative-time", "time", "textarea", "blockquote", "option", "script", "nav"})
    EMPTY = frozenset({"input", "br", "img", "meta", "link", "hr", "use", "path", "source", "wbr"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, list[str]]] = []
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in self.EMPTY:
            said = dict(attrs).get("class") or ""
            theirs = any(part in said for part in ("message-text", "row-text", "row-name", "diff"))
            self.open.append((tag, tag in self.UNSAID or theirs, []))

    def handle_endtag(self, tag: str) -> None:
        while self.open and any(kind == tag for kind, _unsaid, _words in self.open):
            kind, unsaid, words = self.open.pop()
            text = " ".join(words)
            if kind in self.HOLDERS:
                self.found.append(text)
            if self.open and not unsaid and kind != "section":
                self.open[-1][2].append(text)
            if kind == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.open[-1][2].append(data.strip())


FIGURE = re.compile(
    r"\d+(?:[.,]\d+)?\s*%|(?<!Level )\b\d+ (?:of|out of) \d+\b|\b\d+ (?:minutes?|hours?|days?)\b|\bn = \d+"
)
"""What is counted or measured: a share, so many of so many, a time that something took; not a certificate's level."""


def figures(page: str, name: str) -> Iterator[str]:
    """The pieces of a page in which a figure stands with this name."""
    for words in Pieces(page).found:
        if name in words and FIGURE.search(words):
            yield words


def test_a_name_beside_a_figure_is_found():
    row = "<table><tr><th>Ada Beispiel</th><td>{}</td></tr></table>"
    assert [list(figures(row.format(said), NAME)) for said in ("3 of 4", "97 %", "12 minutes")] == [
        ["Ada Beispiel 3 of 4"],
        ["Ada Beispiel 97 %"],
        ["Ada Beispiel 12 minutes"],
    ]
    assert not list(figures(row.format("level 2"), NAME))


def test_no_page_of_the_desk_shows_a_name_with_a_figure(desk: Desk):
    """Every address of the desk, with one of everything made by the maker, as somebody with all roles sees it."""
    cast = Cast()
    things, client = everything(cast), desk(factories.staff(*Role.values))
    assign(by=cast.maker, conversation=made.asked().conversation, to=cast.maker)
    wrong = []
    for route, _name in matrix.routes():
        answer = client.get(matrix.filled(route, things))
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            wrong += [(route, words) for words in figures(answer.content.decode(), cast.maker.name)]
    assert not wrong, "\n".join(map(str, wrong))
