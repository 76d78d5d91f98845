"""What people's verdicts say about the matcher: was the first suggestion right, and if not, what was meant."""

from collections import Counter
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple

from hilft.inbox.enums import Verdict
from hilft.inbox.models import Judgement

MOST: Final = 20_000
"""The newest verdicts that are looked at."""
FITS: Final = {Verdict.USED, Verdict.OUTDATED}


class Said(NamedTuple):
    """What is read of a verdict."""

    pk: int
    message: int
    question: int | None
    verdict: str
    at: datetime
    suggested: int | None
    chance: float | None


class Outcome(NamedTuple):
    """One message that a person judged: what came first, with which chance, what was meant (None: nothing fitted)."""

    suggested: int | None
    chance: float
    meant: int | None
    at: datetime

    @property
    def right(self) -> bool:
        """Whether what came first was meant."""
        return self.meant is not None and self.meant == self.suggested


def outcomes() -> list[Outcome]:
    """The messages that were judged, by the time of the first verdict; those that say nothing of it are left out."""
    newest = Judgement.objects.order_by("-pk").values_list(*Said._fields)[:MOST]
    rows = sorted(map(Said._make, newest), key=lambda said: (said.message, said.pk))
    told = [_outcome(list(mine)) for _message, mine in groupby(rows, key=lambda said: said.message)]
    return sorted((outcome for outcome in told if outcome), key=lambda outcome: outcome.at)


def learnable() -> list[tuple[float, bool]]:
    """Chances and whether they came true, for calibration; where nothing was suggested there was none."""
    return [(outcome.chance, outcome.right) for outcome in outcomes() if outcome.suggested is not None]


def confusions(told: list[Outcome], *, most: int = 10) -> list[tuple[int, int, int]]:
    """Pairs of questions of which one was suggested and the other meant, with how often; most confused first."""
    pairs = Counter(
        (outcome.suggested, outcome.meant)
        for outcome in told
        if outcome.suggested is not None and outcome.meant is not None and not outcome.right
    )
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(suggested, meant, times) for (suggested, meant), times in ordered[:most]]


def _outcome(mine: list[Said]) -> Outcome | None:
    """Of a message's verdicts, the first one saw what had been suggested, the last use says what was meant."""
    first = mine[0]
    used = [said.question for said in mine if said.verdict in FITS]
    refused = any(
        said.verdict == Verdict.NONE or (said.verdict == Verdict.WRONG and said.question == first.suggested)
        for said in mine
    )
    if not used and not refused:
        return None
    return Outcome(first.suggested, first.chance or 0.0, used[-1] if used else None, first.at)
