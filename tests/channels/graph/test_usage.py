"""What Meta's headers say of its limits slows reading down before it ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from hilft.channels.contract import RetryLater
from hilft.channels.graph.usage import Usage


def header(share: int, wait: int = 0, case: str = "pages", measure: str = "call_count") -> dict[str, str]:
    one = {"type": case, "call_count": 0, "total_cputime": 0, "total_time": 0}
    one |= {measure: share, "estimated_time_to_regain_access": wait}
    return {"x-business-use-case-usage": json.dumps({"1": [one]})}


@pytest.mark.parametrize("measure", ["call_count", "total_cputime", "total_time"])
@pytest.mark.parametrize(("share", "pace"), [(0, 1.0), (75, 1.0), (85, 5.0), (95, 9.0), (120, 9.0)])
def test_reading_slows_down_before_the_limit(share: int, pace: float, measure: str) -> None:
    usage = Usage()
    usage.note(header(share, measure=measure))
    assert usage.pace("pages", "messenger") == pytest.approx(pace)
    assert usage.pace("messenger") == 1.0


def test_reading_stops_before_the_limit_does() -> None:
    usage = Usage()
    usage.note(header(94))
    usage.spare("pages")
    usage.note(header(95))
    with pytest.raises(RetryLater) as later:
        usage.spare("pages")
    assert later.value.after == timedelta(minutes=5)
    usage.spare("messenger")


def test_the_estimate_is_in_minutes() -> None:
    usage = Usage()
    usage.note(header(100, wait=7))
    until = usage.until("pages")
    assert until is not None
    assert abs(until - datetime.now(UTC) - timedelta(minutes=7)) < timedelta(seconds=5)
    assert usage.until("messenger") is None


def test_the_apps_own_limit_closes_everything() -> None:
    usage = Usage()
    usage.close("", timedelta(minutes=1))
    assert usage.until("pages") is not None
    assert usage.until("messenger") is not None


@pytest.mark.parametrize("value", ["", "x", "[]", '{"1": 2}', '{"1": [{"type": "pages", "call_count": "many"}]}'])
def test_a_strange_header_says_nothing(value: str) -> None:
    usage = Usage()
    usage.note({"x-business-use-case-usage": value})
    assert usage.share("pages") == 0


def test_the_apps_own_usage_counts_for_everything() -> None:
    usage = Usage()
    usage.note({"x-app-usage": '{"call_count": 96, "total_cputime": 1, "total_time": 1}'})
    assert (usage.share("pages"), usage.share("messenger")) == (96, 96)
    usage.note({"x-app-usage": "broken"})
    assert usage.share("pages") == 96
