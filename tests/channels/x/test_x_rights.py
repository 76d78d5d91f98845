"""What X allows, asked of the ledger alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from hilft.channels.contract import Action, Allowed, Ref, Standing
from hilft.channels.ledger import facts, packaged
from hilft.channels.x import rights

POST, MESSAGE = Ref("x", "8", "1"), Ref("x", "8", "dm:1")
NOW = datetime.now(UTC)
FACTS = packaged("x")

ADVICE = "Let a person reply or quote in the X app, or wait until they speak to us."


@pytest.mark.parametrize(
    ("action", "target", "standing", "verdict"),
    [
        ("reply", POST, Standing(text="Ohne Link."), Allowed(ok=True, price=Decimal("0.015"))),
        ("reply", POST, Standing(text="Siehe hilfe.example/a"), Allowed(ok=True, price=Decimal("0.2"))),
        (
            "reply",
            POST,
            Standing(addressed=False),
            Allowed(ok=False, reason=f"{rights.NOT_ADDRESSED} {ADVICE}"),
        ),
        (
            "reply",
            POST,
            Standing(addressed=False, heard_privately=NOW),
            Allowed(
                ok=False,
                reason=f"{rights.NOT_ADDRESSED} Write a direct message, as this person wrote us one before.",
                instead=("private",),
            ),
        ),
        ("reply", MESSAGE, Standing(), Allowed(ok=False, reason=rights.NOT_PUBLIC, instead=("private",))),
        ("private", POST, Standing(text="a.example"), Allowed(ok=True, price=Decimal("0.015"))),
        ("private", MESSAGE, Standing(private_replies=9), Allowed(ok=True, price=Decimal("0.015"))),
        ("edit", POST, Standing(at=NOW), Allowed(ok=False, reason=rights.NO_EDITS, instead=("reply", "delete"))),
        ("edit", MESSAGE, Standing(at=NOW), Allowed(ok=False, reason=rights.NO_EDITS, instead=("private",))),
        ("delete", POST, Standing(), Allowed(ok=True, price=Decimal("0.01"))),
        ("delete", MESSAGE, Standing(), Allowed(ok=False, reason=rights.NOT_FOR_BOTH, instead=("private",))),
        ("hide", POST, Standing(), Allowed(ok=True, price=Decimal("0.005"))),
        ("hide", MESSAGE, Standing(), Allowed(ok=False, reason=rights.NOT_HIDDEN)),
    ],
)
def test_each_action_has_its_rule(action: Action, target: Ref, standing: Standing, verdict: Allowed) -> None:
    assert rights.allowed(action, target, standing, FACTS, None) == verdict


def test_a_pause_closes_what_is_open_and_says_until_when() -> None:
    until = NOW + timedelta(minutes=7)
    verdict = rights.allowed("reply", POST, Standing(), FACTS, until)
    assert (verdict.ok, verdict.until, verdict.price) == (False, until, Decimal("0.015"))
    assert verdict.reason == f"X takes no more of these until {until:%H:%M} UTC. Wait until then."
    assert rights.allowed("edit", POST, Standing(), FACTS, until).until is None


def test_pitfall_5_x_has_no_window_however_old_the_post_is() -> None:
    for age in (timedelta(hours=24), timedelta(days=7), timedelta(days=400)):
        for edge in (timedelta(seconds=-1), timedelta(0), timedelta(seconds=1)):
            verdict = rights.allowed("reply", POST, Standing(at=NOW - age + edge), FACTS, None)
            assert (verdict.ok, verdict.until) == (True, None)


def test_an_operator_with_enterprise_access_may_answer_everybody() -> None:
    changed = FACTS | {"right.reply_needs_mention": False, "price.post": 0.01}
    verdict = rights.allowed("reply", POST, Standing(addressed=False), changed, None)
    assert verdict == Allowed(ok=True, price=Decimal("0.01"))


def test_every_fact_says_where_it_stands() -> None:
    for name, fact in facts("x").items():
        assert fact.source, name
        assert fact.say.endswith("."), name
        assert fact.source.startswith("https://") or fact.status == "unconfirmed", name
