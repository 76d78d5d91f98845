"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
ALIKE = 0.4
"""The share of words, as `SequenceMatcher.ratio`, below which two texts are shown one after the other."""


class Piece(NamedTuple):
    """A stretch of text that stayed ("same"), is new ("ins") or is gone ("del")."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The two texts as one, with what is gone ahead of what is new; a text written anew follows the former whole."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if before and after and _likeness(old, new) < ALIKE:
        return [Piece("del", before), Piece("same", "\n\n"), Piece("ins", after)]
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("del", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("ins", "".join(new[c:d])))
    return pieces


def changed_share(before: str, after: str) -> int:
    """How much of a text was changed, in percent of its characters."""
    return round(100 * (1 - SequenceMatcher(None, before, after, autojunk=False).ratio()))


def _likeness(old: list[str], new: list[str]) -> float:
    """By words alone: spaces and punctuation are in any text."""
    return SequenceMatcher(None, [w for w in old if w[0].isalnum()], [w for w in new if w[0].isalnum()], False).ratio()
