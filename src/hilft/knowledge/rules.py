"""What a likelihood is called; which text of a version serves whom."""

from collections.abc import Iterable, Mapping

from hilft.base.enums import Address, Language
from hilft.knowledge.enums import Likeness

SURE, LIKELY, BAR = 0.9, 0.7, 0.35
"""Likelihood from which a match is called by each word; the bar is where editors have not set one of their own."""

LOWEST, HIGHEST = 0.05, 0.95
"""Between which editors may set the bar."""


def likeness(likely: float, *, bar: float = BAR) -> Likeness:
    """The likelihood as a word; below the bar nothing fits."""
    if likely < bar:
        return Likeness.NONE
    if likely >= SURE:
        return Likeness.SURE
    return Likeness.LIKELY if likely >= LIKELY else Likeness.POSSIBLE


def text_key(available: Iterable[tuple[str, str]], *, language: str, form: str) -> tuple[str, str]:
    """Which (language, address) of a version serves a reader: their own, else Sie, else whatever there is.

    Raises LookupError for a version without texts.
    """
    keys = set(available)
    wanted: list[tuple[str, str]] = []
    if language == Language.EN:
        wanted.append((Language.EN, Address.NONE))
    if form == Address.DU:
        wanted.append((Language.DE, Address.DU))
    wanted += [(Language.DE, Address.SIE), (Language.DE, Address.DU), (Language.EN, Address.NONE)]
    for key in wanted:
        if key in keys:
            return key
    raise LookupError("This version has no text.")


def missing(texts: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """Which texts a version needs before it can be published: German in both forms of address."""
    needed = [(Language.DE, Address.SIE), (Language.DE, Address.DU)]
    return [key for key in needed if not texts.get(key, "").strip()]
