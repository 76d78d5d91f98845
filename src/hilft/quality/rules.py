"""What is drawn, how a scorecard is counted, when two reviews lie far apart, and which figures may be shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from hilft.quality.enums import Mark, Whose
from hilft.training.models import in_language

APART: Final = 20
"""Two scores of the same reply that differ by so many points, of 100, are looked at together."""

ENOUGH: Final = 10
ENOUGH_PEOPLE: Final = 5
"""Fewer reviewed replies, or replies of fewer people, are not shown as a figure."""

WINDOW: Final = timedelta(days=7)
"""So long after it was published a reply may still be drawn; the job runs every hour."""

TAKEN_FOR: Final = timedelta(minutes=30)
"""So long whoever opened a drawn reply has it; who opens it again has it anew."""


class Criterion(NamedTuple):
    """One thing that is looked at; failing a critical one fails the reply, whatever the rest."""

    key: str
    name: str
    name_en: str
    about: str
    about_en: str
    weight: int
    critical: bool

    @property
    def title(self) -> str:
        """Its name in the person's language."""
        return in_language({"de": self.name, "en": self.name_en})

    @property
    def explanation(self) -> str:
        """What it asks, in the person's language."""
        return in_language({"de": self.about, "en": self.about_en})


class Result(NamedTuple):
    """What came of a review: points of 100, whether it suffices, and whether there was a critical error."""

    score: int
    passed: bool
    critical: bool


class Reply(NamedTuple):
    """What a plan asks of a published reply; `new` says that all of its author's texts were still checked."""

    channel: str
    tier: int
    new: bool
    marked: bool


class Share(NamedTuple):
    """So many reviewed replies, of these people, so many of them passed."""

    n: int
    people: frozenset[int]
    passed: int


def result(criteria: Sequence[Criterion], marks: Mapping[str, str], *, enough: int) -> Result:
    """The weighted share of what was met of what applies; `enough` is the percentage that suffices.

    Raises ValueError for other marks than one for each criterion, or when nothing applies.
    """
    if set(marks) != {one.key for one in criteria} or not set(marks.values()) <= set(Mark.values):
        raise ValueError("A review needs one mark for each criterion.")
    applies = sum(one.weight for one in criteria if marks[one.key] != Mark.NONE)
    if not applies:
        raise ValueError("A review needs a criterion that applies.")
    met = sum(one.weight for one in criteria if marks[one.key] == Mark.MET)
    critical = any(one.critical and marks[one.key] == Mark.MISSED for one in criteria)
    return Result(_rounded(100 * met, applies), not critical and met * 100 >= enough * applies, critical)


def apart(first: Result, second: Result) -> bool:
    """Whether two reviews of the same reply contradict each other, or differ by much."""
    return first[1:] != second[1:] or abs(first.score - second.score) >= APART


def both(first: Result, second: Result) -> Result:
    """What two reviews say that do not lie apart."""
    return first._replace(score=_rounded(first.score + second.score, 2))


def lot(seed: int, what: str, reply: int) -> float:
    """The number from 0 to 1 that decides about a reply: the same for the same seed, so that a draw can be redone."""
    return int.from_bytes(sha256(f"{seed}:{what}:{reply}".encode()).digest()[:6], "big") / 2**48


def falls_under(reply: Reply, *, whose: str, channel: str, tiers: Collection[int]) -> bool:
    """Whether a plan draws from replies like this one; no channel and no tiers stand for all."""
    if channel not in ("", reply.channel) or (tiers and reply.tier not in tiers):
        return False
    return {Whose.ALL: True, Whose.NEW: reply.new, Whose.MARKED: reply.marked}[Whose(whose)]


def may_be_shown(share: Share) -> bool:
    """Whether a group is large enough that its figure says nothing of anybody in it."""
    return share.n >= ENOUGH and len(share.people) >= ENOUGH_PEOPLE


def safe[K](groups: Mapping[K, Share]) -> dict[K, Share]:
    """The groups that may be shown beside their total: what is left out must not follow by subtraction.

    Where those left out are too few together, the smallest that could be shown is left out with them.
    """
    shown = {key: share for key, share in groups.items() if may_be_shown(share)}
    while shown:
        hidden = [share for key, share in groups.items() if key not in shown and share.n]
        if not hidden or may_be_shown(_together(hidden)):
            break
        del shown[min(shown, key=lambda key: shown[key].n)]
    return shown


def criteria_of(kept: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    """A scorecard's criteria as they are kept."""
    return [Criterion(**one) for one in kept]


def _together(shares: Sequence[Share]) -> Share:
    people = frozenset[int]().union(*(share.people for share in shares))
    return Share(sum(share.n for share in shares), people, sum(share.passed for share in shares))


def _rounded(part: int, whole: int) -> int:
    """The quotient as a whole number, halves upwards."""
    return (2 * part + whole) // (2 * whole)
