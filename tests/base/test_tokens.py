"""Every pairing of text and ground that the components use is readable in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import itertools
import re

import pytest

from hilft.base import bundle

TEXT = 4.5
CONTROL = 3.0
COLOURS = dict(
    re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", (bundle.HOME / "css" / "tokens.css").read_text()
    )
)
GROUNDS = ("bg", "surface", "sunken", "hover")
SOFT = ("brand", "danger", "warn", "ok", "private")
PAIRS = [
    *itertools.product(("text", "muted"), GROUNDS),
    *itertools.product(("link", "danger", "warn", "ok", "private", "brand"), ("bg", "surface")),
    *((tone, f"{tone}-soft") for tone in SOFT),
    *(("text", f"{tone}-soft") for tone in SOFT),
    ("muted", "brand-soft"),
    ("link", "brand-soft"),
    ("danger", "warn-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-danger", "danger"),
    ("on-private", "private"),
    ("surface", "warn"),
]


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb"; WCAG 2.2, definition of relative luminance."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def both(name: str, ground: str) -> list[float]:
    """The contrast of two tokens, light and dark."""
    return [contrast(*pair) for pair in zip(*(COLOURS[token].split(", ") for token in (name, ground)), strict=True)]


@pytest.mark.parametrize(("name", "ground"), PAIRS)
def test_text_is_readable(name: str, ground: str) -> None:
    assert min(both(name, ground)) >= TEXT


@pytest.mark.parametrize(("name", "ground"), list(itertools.product(("control", "focus", "brand"), ("bg", "surface"))))
def test_edges_and_focus_are_visible(name: str, ground: str) -> None:
    assert min(both(name, ground)) >= CONTROL
