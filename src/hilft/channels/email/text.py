"""The words of a mail: its text without the history and the signature below them."""

from __future__ import annotations

import re
from typing import Final

from hilft.channels.plaintext import tidy

BEGINS: Final = (
    re.compile(r"^-{2,}\s*(?:Ursprüngliche Nachricht|Original[- ]Nachricht|Original Message)\s*-{2,}\s*$", re.I),
    re.compile(r"^_{10,}\s*$"),
)
"""A line at which the history begins."""

OUTLOOK: Final = re.compile(
    r"^\**(?:Von|From):\**\s.+\n\**(?:Gesendet|Sent|Datum|Date):\**\s.+\n\**(?:An|To):\**\s", re.I | re.M
)
ATTRIBUTION: Final = re.compile(r"(?:Am|On|Den)\b.{4,300}\b(?:schrieb|wrote)\b.{0,200}:", re.I)
"""The line above a quote, once it is put together."""


def without_history(text: str) -> str:
    """The text above the quoted history and the signature; the whole text when nothing is above.

    Quotes between answers stay: only what stands at the very end is taken away.
    """
    kept = tidy(_above_signature(_above_quote(_above_mark(text))))
    return kept or tidy(text)


def _above_mark(text: str) -> str:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if any(mark.match(line.strip()) for mark in BEGINS):
            return "\n".join(lines[:number])
    outlook = OUTLOOK.search(text)
    return text[: outlook.start()] if outlook else text


def _above_quote(text: str) -> str:
    lines = text.rstrip().splitlines()
    quoted = len(lines)
    while quoted and (lines[quoted - 1].startswith(">") or not lines[quoted - 1].strip()):
        quoted -= 1
    if not any(line.startswith(">") for line in lines[quoted:]):
        return text
    above = "\n".join(lines[:quoted]).rstrip().splitlines()
    for count in (1, 2, 3):
        if ATTRIBUTION.fullmatch(" ".join(line.strip() for line in above[-count:])):
            return "\n".join(above[:-count])
    return "\n".join(above)


def _above_signature(text: str) -> str:
    lines = text.splitlines()
    marks = [number for number, line in enumerate(lines) if line in {"-- ", "--"}]
    return "\n".join(lines[: marks[-1]]) if marks else text
