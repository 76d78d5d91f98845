"""What makes a text risky to answer: law, money, health, minors, press, danger; by words, German and English.

The words find too much rather than too little: what they find is looked at by a second person, never refused.
"""

import re
import tomllib
from pathlib import Path
from typing import Final

_WORDS: Final[dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("risks.toml").read_text(encoding="utf-8"))
RISKS: Final = tuple(_WORDS)
_APART: Final = r"(?:[^\w.!?]+[\w€]+){0,6}?[^\w.!?]+"
"""Up to six words of the same sentence between the parts of a verb: "schreiben wir Ihnen gut"."""


def _pattern(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"\ …\ ", _APART)


_PATTERNS: Final = {
    name: re.compile(rf"\b(?:{'|'.join(map(_pattern, words))})\b", re.IGNORECASE) for name, words in _WORDS.items()
}


def risks(text: str) -> list[str]:
    """The names of what makes this text risky, in the order of RISKS."""
    return list(risky_words(text))


def risky_words(text: str) -> dict[str, list[str]]:
    """What makes this text risky: by name, in the order of RISKS, the words that say so, each once."""
    found = {name: [match.group() for match in pattern.finditer(text)] for name, pattern in _PATTERNS.items()}
    return {name: list(dict.fromkeys(words)) for name, words in found.items() if words}
