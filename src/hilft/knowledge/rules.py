"""How candidates are ranked and how sure a match is; which text of a version serves whom."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hilft.base.enums import Address, Language
from hilft.knowledge.enums import Likeness

NEAREST = 3
"""How many of a question's nearest wordings speak for it."""

BEST_SHARE = 0.7
"""Weight of the nearest wording against the mean of the nearest three, chosen on the developer data."""

SURE, LIKELY, POSSIBLE = 0.95, 0.915, 0.885
"""Confidence from which a match is called by each word; see docs/benchmarks.md for the figures."""


class Hit(NamedTuple):
    """One wording near the text: its question, itself, and the cosine similarity."""

    question: int
    wording: int
    similarity: float


class Ranked(NamedTuple):
    """A question that the text may ask, best first."""

    question: int
    wording: int
    score: float


def rank(hits: Iterable[Hit]) -> list[Ranked]:
    """Questions by their wordings' similarity: mostly the nearest one, partly the mean of the nearest three."""
    grouped: dict[int, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.question, []).append(hit)
    ranked = []
    for question, mine in grouped.items():
        near = sorted(mine, key=lambda hit: -hit.similarity)[:NEAREST]
        mean = sum(hit.similarity for hit in near) / len(near)
        score = BEST_SHARE * near[0].similarity + (1 - BEST_SHARE) * mean
        ranked.append(Ranked(question, near[0].wording, score))
    return sorted(ranked, key=lambda r: (-r.score, r.question))


def confidence(ranked: Sequence[Ranked]) -> float:
    """How sure the best match is: its score plus its lead over the runner-up; 0 without any."""
    if not ranked:
        return 0.0
    lead = ranked[0].score - ranked[1].score if len(ranked) > 1 else 0.05
    return ranked[0].score + lead


def likeness(value: float) -> Likeness:
    """The confidence as a word."""
    if value >= SURE:
        return Likeness.SURE
    if value >= LIKELY:
        return Likeness.LIKELY
    return Likeness.POSSIBLE if value >= POSSIBLE else Likeness.NONE


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
