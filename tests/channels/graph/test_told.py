"""Stored bodies of both networks: whatever is in them, reading ends in events or in Unreadable."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.channels.contract import Event, Kind, Unreadable
from hilft.channels.facebook import comments as facebook
from hilft.channels.graph import told
from hilft.channels.graph.told import Place
from hilft.channels.instagram import comments as instagram

AT = "2026-11-24T22:00:00+0000"
LENA = {"id": "7", "name": "Lena", "username": "lena"}
ITEM = {"sender": {"id": "7"}, "recipient": {"id": "1"}, "timestamp": 1_700_000_000_123}
SHARED: dict[str, dict[str, Any]] = {
    "deleted": {"id": "1_2", "at": AT},
    "gap": {"where": "t_1", "at": AT},
    "edited": {"node": {"id": "1_2", "message": "ä", "text": "ä"}, "at": AT},
    "message": {"other": LENA, "parent": "", "message": {"id": "m_1", "created_time": AT, "from": LENA}},
    "messaging": {"me": "1", "item": ITEM | {"message_edit": {"mid": "m_1", "text": "neu", "num_edit": 1}}},
}
FEED = {"item": "comment", "verb": "add", "post_id": "1_2", "comment_id": "2_3", "from": LENA, "created_time": 1}
BODIES: list[tuple[Any, dict[str, Any]]] = [
    *((facebook.Stored, {"what": what, **fields}) for what, fields in SHARED.items()),
    *((instagram.Stored, {"what": what, **fields}) for what, fields in SHARED.items()),
    (facebook.Stored, {"what": "feed", "me": "1", "time": 1_700_000_000, "value": FEED}),
    (facebook.Stored, {"what": "post", "me": "1", "post": {"id": "7_2", "created_time": AT, "from": LENA}}),
    (
        facebook.Stored,
        {"what": "comment", "me": "1", "post": {"id": "1_2"}, "comment": {"id": "2_3", "created_time": AT}},
    ),
    (instagram.Stored, {"what": "hooked", "me": "1", "time": 1_700_000_000, "value": {"id": "3", "from": LENA}}),
    (
        instagram.Stored,
        {"what": "comment", "me": "1", "media": {"id": "2"}, "comment": {"id": "3", "timestamp": AT, "from": LENA}},
    ),
    (instagram.Stored, {"what": "mention", "me": "1", "media": {"id": "2", "timestamp": AT, "caption": "Hallo"}}),
]


def read(kinds: Any, body: bytes) -> list[Event]:
    return told.read(body, kinds, Place("facebook", "1", "@nordnetz"))


@pytest.mark.parametrize(("kinds", "body"), BODIES, ids=lambda value: value["what"] if isinstance(value, dict) else "")
def test_what_is_stored_reads(kinds: Any, body: dict[str, Any]) -> None:
    (event,) = read(kinds, msgspec.json.encode(body))
    assert event.at.tzinfo is not None


@pytest.mark.parametrize(("kinds", "body"), BODIES, ids=lambda value: value["what"] if isinstance(value, dict) else "")
def test_a_stored_body_with_bytes_changed_never_crashes(kinds: Any, body: dict[str, Any]) -> None:
    whole = msgspec.json.encode(body)

    @given(at=st.integers(0, len(whole) - 1), change=st.sampled_from([b"9", b"-", b'"', b"\x00", b"e", b"[", b"99999"]))
    @settings(max_examples=150, deadline=None)
    def change_one(at: int, change: bytes) -> None:
        with contextlib.suppress(Unreadable):
            assert isinstance(read(kinds, whole[:at] + change + whole[at + 1 :]), list)

    change_one()


@pytest.mark.parametrize("seconds", [10**18, -(10**18), 10**11])
def test_a_time_beyond_all_calendars_is_unreadable(seconds: int) -> None:
    body = {"what": "feed", "me": "1", "time": seconds, "value": FEED | {"created_time": 0, "verb": "remove"}}
    if seconds == 10**11:
        assert read(facebook.Stored, msgspec.json.encode(body))[0].kind is Kind.DELETED
        return
    with pytest.raises(Unreadable):
        read(facebook.Stored, msgspec.json.encode(body))


def test_the_same_text_has_the_same_version_and_another_another() -> None:
    assert told.digest("ä") == told.digest("ä") != told.digest("a")
