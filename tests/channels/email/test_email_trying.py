"""A live test of a mailbox: a mail to the own address comes back, and is nobody's question."""

from __future__ import annotations

import pytest
from django.utils import translation

from hilft.channels import trying
from hilft.channels.contract import Event, Ref
from hilft.channels.trying import carry_out
from tests.channels.email.world import MailWorld
from tests.channels.world import events
from tests.peers.mail import BRAND


class TestLiveTest:
    """A mail to the own address comes back by the account's own listening, and is nobody's question."""

    def test_it_comes_back_and_is_known_as_ours(self, world: MailWorld) -> None:
        read: list[Event] = []

        def heard(ref: Ref) -> bool:
            read[:] = [event for _, event in events(world.adapter, world.adapter.poll(world.start)[0])]
            return any(event.ref.id == ref.id for event in read)

        steps = carry_out(world.made().trial("", heard))
        assert [step.outcome for step in steps] == ["done"] * 3
        assert [event.own for event in read if event.automatic and event.author and event.author.handle == BRAND] == [
            True
        ]

    def test_a_mail_that_does_not_come_in_is_said(self, world: MailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(trying, "PATIENCE", 0.1)
        with translation.override("en"):
            steps = carry_out(world.made().trial("", lambda _ref: False))
        assert [step.outcome for step in steps] == ["done", "done", "failed"]
        assert steps[-1].said == "The mail was sent and has not come in."
