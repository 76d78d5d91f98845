"""What a likelihood is called; which text of a version serves whom; whose word makes a version hold."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from hilft.base.enums import Address, Language
from hilft.knowledge.enums import Governance, Likeness, Release
from hilft.people.enums import Right

SURE, LIKELY, BAR = 0.9, 0.7, 0.35
"""Likelihood from which a match is called by each word; the bar is where editors have not set one of their own."""

LOWEST, HIGHEST = 0.05, 0.95
"""Between which editors may set the bar."""

REVIEW: Final = {Governance.FREE: timedelta(days=365), Governance.TWO: timedelta(days=90)}
"""After how long somebody has to look again whether an answer holds."""


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


def word_of(right: Right | None, *, own: bool, governance: str) -> Release | None:
    """What somebody's word makes of a version, their own or another's; None when it makes nothing of it.

    A text of one's own takes the publisher's right and an answer that one person may change. Somebody else's has two
    people behind it by then: contributors validate it, except where two people always have to look.
    """
    free = governance == Governance.FREE
    if own:
        return Release.ALONE if right == Right.PUBLISHER and free else None
    if right == Right.PUBLISHER or (right == Right.CONTRIBUTOR and free):
        return Release.CHECKED
    return None


def reuse_releases(author: Right | None, *, governance: str) -> bool:
    """Whether a different person's use of a text makes it public: a contributor's, unless two have to look at it."""
    return author in {Right.CONTRIBUTOR, Right.PUBLISHER} and governance == Governance.FREE
