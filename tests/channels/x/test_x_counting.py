"""Counting against the published cases of those who define it: X for weights, Unicode for graphemes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hilft.channels.contract import Limits
from hilft.channels.counting import CLUSTER, count, fits, links

X = Limits(280, "weighted280", url=23)
HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = msgspec.json.decode((HERE / "conformance.json").read_bytes())["cases"]
INVALID = "\ufffe\uffff"
"""Signs that X takes in no text; we count and never write them."""

BREAKS = (HERE / "GraphemeBreakTest-15.0.0.txt").read_text(encoding="utf-8").splitlines()
"""© 2022 Unicode, Inc., under the terms at unicode.org/terms_of_use.html; from Debian's package unicode-data."""

CHANGED = ["÷ 2701 × 200D × 2701 ÷"]
"""What a later Unicode decided differently: U+2701 is no pictograph any more, so nothing joins it."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_x_counts_as_it_published(case: dict[str, Any]) -> None:
    text = case["text"]
    if case["weight"] is not None:
        assert count(text, X) == case["weight"]
    if not set(INVALID) & set(text):
        assert (bool(text) and fits(text, X)) is case["valid"]


def test_no_published_case_was_lost() -> None:
    sections = [case["section"] for case in CASES]
    assert {name: sections.count(name) for name in dict.fromkeys(sections)} == {
        "WeightedTweetsWithDiscountedEmojiCounterTest": 21,
        "WeightedTweetsCounterTest": 2,
        "UnicodeDirectionalMarkerCounterTest": 2,
        "tweets": 8,
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("siehe example.com und https://a.example/b.", ["example.com", "https://a.example/b"]),
        (f"http://{'a' * 64}.com", []),
        (f"http://{'a' * 63}.com", [f"http://{'a' * 63}.com"]),
        ("\u2066https://a.example/b\u2069", ["https://a.example/b"]),
    ],
)
def test_links_are_what_x_takes_for_links(text: str, found: list[str]) -> None:
    assert links(text) == found


def test_graphemes_break_where_unicode_says() -> None:
    rows = [line.split("#")[0].strip() for line in BREAKS if line.startswith("÷")]
    assert len(rows) == 602
    assert [row for row in rows if CLUSTER.findall("".join(_clusters(row))) != _clusters(row)] == CHANGED


def _clusters(row: str) -> list[str]:
    parts = row.strip("÷ ").split("÷")
    return ["".join(chr(int(code, 16)) for code in part.replace("×", " ").split()) for part in parts]
