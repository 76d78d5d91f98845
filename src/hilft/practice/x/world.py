"""The whole network in one object: what it keeps, its rules, and what is going on."""

from pathlib import Path
from typing import NamedTuple

from hilft.practice.accounts import BRAND, names, x_keys, x_user_id
from hilft.practice.faults import Faults
from hilft.practice.x import rules as rules_file
from hilft.practice.x.access import Access
from hilft.practice.x.activity import Activity, Streams
from hilft.practice.x.bill import Bill
from hilft.practice.x.clock import Clock
from hilft.practice.x.deliveries import Deliveries
from hilft.practice.x.limits import Limits
from hilft.practice.x.messages import Messages
from hilft.practice.x.posts import Person, Posts
from hilft.practice.x.problems import XDialect
from hilft.practice.x.publishing import Publishing
from hilft.practice.x.render import Renderer
from hilft.practice.x.rules import Rules
from hilft.practice.x.store import Store
from hilft.practice.x.streams import Stream

_NUMBERED = ("post", "message", "webhook", "subscription", "rule")
"""The tables whose ids come from the clock."""


class Options(NamedTuple):
    """How a network is run: seconds between heartbeats and webhook checks, and whose keys the brand has."""

    state: Path
    heartbeat: float
    recheck: float
    clock_offset: float = 0.0
    self_serve: bool = True


class World:
    """Everything that belongs to one running network."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.rules: Rules = rules_file.read()
        self.store = Store(options.state)
        last_id = max(self.store.number(f"select max(id) from {table}") for table in _NUMBERED)  # noqa: S608
        self.clock = Clock(options.clock_offset, last_id)
        self.faults = Faults(XDialect(self.clock))
        self.bill = Bill(self.store, self.clock, self.rules)
        self.limits = Limits(self.clock, self.rules)
        self.posts = Posts(self.store, self.clock)
        self.messages = Messages(self.store, self.clock)
        self.publishing = Publishing(self.posts, self.clock, self.rules, self_serve=options.self_serve)
        self.renderer = Renderer(self.posts, self.clock, self.rules)
        self.access = Access(self.store, self.clock, self.rules, x_keys(), x_user_id(BRAND))
        self.streams = Streams(
            Stream(self.rules.number("stream", "activity_connections"), options.heartbeat),
            Stream(self.rules.number("stream", "connections"), options.heartbeat),
        )
        self.deliveries = Deliveries(self.store, self.clock, self.rules, self.faults, self.bill, self.access.keys)
        self.activity = Activity(
            self.store, self.posts, self.renderer, self.faults, self.bill, self.deliveries, self.streams
        )
        self._settle()

    @property
    def brand(self) -> Person:
        """The account hilft works for."""
        found = self.posts.person(handle=BRAND)
        if found is None:
            raise RuntimeError("the brand has no account")
        return found

    def _settle(self) -> None:
        """Give the brand and every practice customer an account; those that exist keep what they chose."""
        for handle, name in {BRAND: "NordNetz hilft", **names()}.items():
            sql = "insert into person(id, handle, name) values(?, ?, ?) on conflict(id) do nothing"
            self.store.write(sql, x_user_id(handle), handle, name)
