"""Pitfall 5: private windows end to the second, and a second private reply is refused before it is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hilft.channels.contract import Config, Standing
from hilft.channels.graph.network import FACEBOOK, INSTAGRAM, Network
from hilft.channels.graph.windows import Windows
from hilft.channels.ledger import packaged

DAY, WEEK, SECOND = timedelta(days=1), timedelta(days=7), timedelta(seconds=1)
NETWORKS = pytest.mark.parametrize("network", [FACEBOOK, INSTAGRAM], ids=lambda network: network.kind)


def windows(network: Network, **settings: Any) -> Windows:
    config = Config(account="1", handle="@nordnetz", settings=settings, facts=packaged(network.kind))
    return Windows(config, network)


def ago(span: timedelta) -> datetime:
    return datetime.now(UTC) - span


@NETWORKS
@pytest.mark.parametrize(("more", "ok"), [(-SECOND, True), (SECOND, False)])
def test_pitfall_5_a_private_reply_within_a_second_of_7_days(network: Network, more: timedelta, ok: bool) -> None:
    at = ago(WEEK + more)
    allowed = windows(network).comment(Standing(at=at))
    assert (allowed.ok, allowed.until) == (ok, at + WEEK)
    assert allowed.instead == (() if ok else ("reply",))


@NETWORKS
@pytest.mark.parametrize(("more", "ok"), [(-SECOND, True), (SECOND, False)])
def test_pitfall_5_a_message_within_a_second_of_24_hours(network: Network, more: timedelta, ok: bool) -> None:
    at = ago(DAY + more)
    for standing in (Standing(at=at), Standing(heard_privately=at), Standing(at=at - DAY, heard_privately=at)):
        allowed = windows(network).message(standing)
        assert (allowed.ok, allowed.until) == (ok, at + DAY)


@NETWORKS
@pytest.mark.parametrize(("more", "ok"), [(-SECOND, True), (SECOND, False)])
def test_pitfall_5_a_human_agent_within_a_second_of_7_days(network: Network, more: timedelta, ok: bool) -> None:
    at = ago(WEEK + more)
    allowed = windows(network, human_agent=True).message(Standing(at=at))
    assert (allowed.ok, allowed.until) == (ok, at + WEEK)


@NETWORKS
def test_pitfall_5_a_second_private_reply_is_refused_before_it_is_tried(network: Network) -> None:
    allowed = windows(network).comment(Standing(at=ago(SECOND), private_replies=1))
    assert (allowed.ok, allowed.until, allowed.instead) == (False, None, ("reply",))
    assert allowed.reason == (
        f"{network.name} allows one private reply to a comment, and it was sent. "
        f"Answer in public, or wait until this person writes in {network.inbox}."
    )


@NETWORKS
@pytest.mark.parametrize(("more", "ok"), [(-SECOND, True), (SECOND, False)])
def test_whoever_answered_the_private_reply_can_be_written_to(network: Network, more: timedelta, ok: bool) -> None:
    heard = ago(DAY + more)
    allowed = windows(network).comment(Standing(at=ago(3 * WEEK), private_replies=1, heard_privately=heard))
    assert (allowed.ok, allowed.until) == (ok, heard + DAY)


def test_the_reason_says_when_it_ended_and_what_to_do() -> None:
    at = datetime(2026, 11, 1, 12, 0, 5, tzinfo=UTC)
    assert windows(FACEBOOK).comment(Standing(at=at)).reason == (
        "The 7 days for a private reply ended on 8 November 2026, 13:00:05. "
        "Answer in public, or wait until this person writes in Messenger."
    )
    assert windows(INSTAGRAM).message(Standing(at=at)).reason == (
        "The time to answer in Instagram messages ended on 2 November 2026, 13:00:05. "
        "Wait until this person writes to us again."
    )


def test_the_windows_stand_in_the_ledger_and_nowhere_else() -> None:
    facts = packaged("facebook") | {"window.private_reply": 3600}
    changed = Windows(Config(account="1", handle="", facts=facts), FACEBOOK)
    assert changed.comment(Standing(at=ago(timedelta(hours=1, seconds=1)))).ok is False
    assert changed.comment(Standing(at=ago(timedelta(minutes=59)))).ok is True
