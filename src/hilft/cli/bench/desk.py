"""The desk with a large team: 200 agents and 50,000 open conversations, read at a steady 50 pages a second.

Pages come over HTTP, each for another agent, from a whole installation whose workers go on beside it; times are a
client's on the same machine, so a little more than the server's own. The desk is opened once as a whole page and then
fetches what a click changes: so one page of ten is a whole one, the others are the parts that the desk's own script
asks for. `data` may name a JSON object with other numbers: `agents`, `conversations`, `rate` (pages a second),
`seconds`, `whole` (whole pages of a hundred), `waiting` (conversations to be routed).
"""

import json
import os
import random
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hilft.cli.bench import Result
from hilft.cli.bench.scene import Scene, running
from hilft.cli.build import collect_static
from hilft.cli.instance import Trouble
from hilft.cli.postgres import embedded

READERS = 12
WARM_UP = 40
FILLING = Path(__file__).with_name("desk.sql")
ROOM = 10
PARTS = {
    "list": {"HX-Request": "true", "HX-Target": "div#list"},
    "conversation": {"HX-Request": "true", "HX-Target": "section#thread"},
}
"""What the desk's script says when it fetches a part."""

LISTS = ("?view=open", "?view=open&page=2", "?view=unassigned", "?view=mine", "?view=all", "?view=open&page=40")


class Size(NamedTuple):
    """How large a desk is measured, and how hard."""

    agents: int = 200
    conversations: int = 50_000
    rate: int = 50
    seconds: int = 40
    whole: int = 10
    waiting: int = 1_000


class Asked(NamedTuple):
    """A page to be read: which kind, where, and with which headers beside the session."""

    kind: str
    address: str
    headers: Mapping[str, str]


class Page(NamedTuple):
    """One page that was read: which kind, and the milliseconds it took."""

    kind: str
    ms: float


class Agent:
    """Somebody at a browser: a session, a connection that is kept, and one page at a time."""

    def __init__(self, session: str, client: HTTPConnection) -> None:
        self.session, self.client, self.turn = session, client, threading.Lock()

    def get(self, one: Asked) -> int:
        """Reads a page and gives its status; a connection that was idle for too long is opened anew, as browsers do."""
        for kept in (self.client.sock is not None, False):
            try:
                self.client.request("GET", one.address, headers={"Cookie": self.session, **one.headers})
                answer = self.client.getresponse()
                answer.read()
            except ConnectionError:
                self.client.close()
                if not kept:
                    raise
            else:
                return answer.status
        raise AssertionError("the second try returns or raises")


def measure(data: Path | None) -> Result:
    """Fills an installation of its own and reads it."""
    size = _size(data)
    with running() as scene:
        _django(scene)
        _fill(size)
        scene.settle()
        sessions = _sessions()
        asked = _pages(size)
        _read(scene, sessions, asked[:WARM_UP], rate=size.rate / 4)
        began = time.monotonic()
        pages = _read(scene, sessions, asked[WARM_UP:], rate=size.rate)
        took = time.monotonic() - began
        return {
            "agents": size.agents,
            "open_conversations": size.conversations,
            "pages": len(pages),
            "whole_pages": size.whole / 100,
            "pages_per_second": len(pages) / took,
            **_percentiles("list", pages),
            **_percentiles("conversation", pages),
            **_queries(size),
            **_routed(size),
        }


def _size(data: Path | None) -> Size:
    if data is None:
        return Size()
    try:
        return Size(**{str(name): int(number) for name, number in json.loads(data.read_text("utf-8")).items()})
    except (ValueError, TypeError, AttributeError) as error:
        raise Trouble(f"{data} must hold a JSON object with some of {', '.join(Size._fields)}: {error}") from error


def _django(scene: Scene) -> None:
    folder = scene.instance.folder
    url = embedded(folder, port=scene.instance.port_of("postgres")).url
    os.environ |= scene.instance.environment(url, example=True) | {"HILFT_STATIC": str(collect_static(folder))}
    import django

    django.setup()


def _fill(size: Size) -> None:
    """Rows as the intake leaves them: a customer each, two messages, and five suggestions for the newest.

    Vacuumed, as the database does by itself within minutes.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FILLING.read_text("utf-8"), size._asdict())
        cursor.execute("VACUUM (ANALYZE) inbox_conversation, inbox_message, inbox_match, people_handle, people_user")


def _sessions() -> list[str]:
    """A session of every agent, as signing in leaves it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from hilft.people.models import User

    engine, keys = import_module(settings.SESSION_ENGINE), []
    for user in User.objects.filter(email__endswith="@desk.example").order_by("pk"):
        session = engine.SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        keys.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return keys


def _pages(size: Size) -> list[Asked]:
    """Lists and conversations by turns, in a fixed order."""
    from hilft.inbox.models import Conversation

    pks = list(Conversation.objects.filter(thread__startswith="desk").order_by("pk").values_list("pk", flat=True))
    choose = random.Random(5)  # noqa: S311  the same order every time
    found = []
    for number in range(WARM_UP + size.rate * size.seconds):
        kind = "list" if number % 2 else "conversation"
        address = choose.choice(LISTS) if kind == "list" else f"{choose.choice(pks)}/"
        whole = choose.randrange(100) < size.whole
        found.append(Asked(kind, f"/desk/anliegen/{address}", {} if whole else PARTS[kind]))
    return found


def _read(scene: Scene, sessions: list[str], asked: list[Asked], *, rate: float) -> list[Page]:
    """Asks for a page each time its moment comes, whether or not earlier ones have been answered.

    Each agent has a connection of their own, as a browser keeps it.
    """
    agents = [Agent(session, HTTPConnection("127.0.0.1", scene.instance.port, timeout=60)) for session in sessions]

    def read(one: Asked, agent: Agent, due: float) -> Page:
        with agent.turn:
            status = agent.get(one)
        if status != 200:
            raise Trouble(f"{one.address} answered {status}.")
        return Page(one.kind, 1000 * (time.monotonic() - due))

    began = time.monotonic()
    with ThreadPoolExecutor(READERS) as pool:
        waiting = []
        for number, one in enumerate(asked):
            due = began + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            waiting.append(pool.submit(read, one, agents[number % len(agents)], due))
        return [page.result() for page in waiting]


def _percentiles(kind: str, pages: list[Page]) -> Result:
    found = [page.ms for page in pages if page.kind == kind]
    return {f"{kind}_p{p}_ms": float(np.percentile(found, p)) for p in (50, 95, 99)}


def _queries(size: Size) -> Result:
    """Database queries of a whole page of each kind, in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from hilft.people.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.filter(email__endswith="@desk.example").order_by("pk")[0])
    found: Result = {}
    for one in _pages(size)[:2]:
        client.get(one.address)
        with CaptureQueriesContext(connection) as queries:
            client.get(one.address)
        found[f"{one.kind}_queries"] = len(queries)
    return found


def _routed(size: Size) -> Result:
    """Seconds to give out so many waiting conversations, while everything else goes on."""
    from hilft.inbox.models import Conversation
    from hilft.inbox.routing import route
    from hilft.people.commands import set_availability
    from hilft.people.models import User

    waiting = Conversation.objects.filter(thread__startswith="desk", assignee=None).order_by("pk")
    kept = list(waiting.values_list("pk", flat=True)[: size.waiting])
    Conversation.objects.filter(thread__startswith="desk").exclude(pk__in=kept).update(waiting_since=None)
    for user in User.objects.filter(email__endswith="@desk.example"):
        set_availability(by=user, takes=True, most=ROOM, languages=["de"], topics=[])
    began = time.perf_counter()
    given = route()
    return {"routed": given, "routing_s": time.perf_counter() - began}
