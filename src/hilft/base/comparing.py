"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of text that stayed ("same"), is new ("ins") or is gone ("del")."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The two texts as one, with what is gone ahead of what is new."""
    old, new = WORDS.findall(before), WORDS.findall(after)
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
