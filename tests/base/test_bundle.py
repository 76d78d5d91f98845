"""The joined style sheets are up to date, small enough, and raw values live in one file."""

import gzip
import re
from pathlib import Path

import pytest

from hilft.base import bundle

SOURCES = sorted((bundle.HOME / "css").rglob("*.css"))


@pytest.mark.parametrize("sheet", bundle.SHEETS)
def test_joined_sheet_is_up_to_date(sheet: str) -> None:
    assert bundle.path(sheet).read_text(encoding="utf-8") == bundle.joined(sheet), "run python -m hilft.base.bundle"


def test_every_source_is_in_a_sheet() -> None:
    names = {str(source.relative_to(bundle.HOME / "css").with_suffix("")) for source in SOURCES}

    assert names == {name for sheet in bundle.SHEETS.values() for name in sheet}


def test_portal_sheet_keeps_its_budget() -> None:
    assert len(gzip.compress(bundle.path("portal").read_bytes(), 9)) <= 12 * 1024


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_raw_values_only_among_the_tokens(source: Path) -> None:
    text = re.sub(r"/\*.*?\*/|@(?:media|container)[^{]*", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
    raw = re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|(?<![\w-])\.?\d+(?:\.\d+)?(?:rem|px|ms)\b", text)

    assert source.stem == "tokens" or set(raw) <= {"1px", "-1px", "3px", "-3px", ".01ms", "10pt"}
