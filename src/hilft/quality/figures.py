"""What reviews say of the team, and how far reviewers agree: of groups that are large enough, and never of a person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils import timezone

from hilft.base.clock import now
from hilft.people.models import Team
from hilft.quality.agreement import GOOD, TENTATIVE, Agreement, agreement, interval
from hilft.quality.enums import Mark, State
from hilft.quality.models import Review, Sample
from hilft.quality.queries import scorecards, scored_twice
from hilft.quality.rules import ENOUGH, Criterion, Share, may_be_shown, safe

WEEKS: Final = 13
REVIEWERS: Final = 3
"""Agreement of fewer reviewers would be a figure of these persons."""

NO_TEAM: Final = ""
"""Those in no team are a group of their own, too: else they would follow by subtraction from the total."""


class TeamFigures(NamedTuple):
    """Shares of the whole and of those teams and channels that may be shown; `met` is by criterion, of what applied."""

    total: Share | None
    teams: list[tuple[str, Share]]
    channels: list[tuple[str, Share]]
    met: list[tuple[Criterion, int, int]]


class Row(NamedTuple):
    """How far reviewers agree about one criterion, or about the result where there is none."""

    criterion: Criterion | None
    found: Agreement

    @property
    def verdict(self) -> str:
        """What α allows: good, tentative or poor; none where there is no figure."""
        if self.found.alpha is None:
            return ""
        return "good" if self.found.alpha >= GOOD else "tentative" if self.found.alpha >= TENTATIVE else "poor"


def period() -> tuple[datetime, datetime]:
    """The last 13 whole weeks: figures change on Mondays only, so that no single review shows in a difference."""
    today = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS), monday


def team_figures() -> TeamFigures:
    """What came of the reviews of this period."""
    begin, end = period()
    found = Sample.objects.filter(state=State.DONE, settled_at__gte=begin, settled_at__lt=end).order_by("pk")
    rows = list(found.values_list("pk", "author", "passed", "placement__account__kind"))
    total = _share((author, passed) for _pk, author, passed, _kind in rows)
    if not may_be_shown(total):
        return TeamFigures(None, [], [], [])
    member = Team.members.through.objects.order_by("team__name").values_list("user", "team__name")
    teams: dict[int, list[str]] = defaultdict(list)
    for user, team in member:
        teams[user].append(team)
    by_team: dict[str, list[tuple[int, bool | None]]] = defaultdict(list)
    by_kind: dict[str, list[tuple[int, bool | None]]] = defaultdict(list)
    for _pk, author, passed, kind in rows:
        by_kind[kind].append((author, passed))
        for team in teams[author] or [NO_TEAM]:
            by_team[team].append((author, passed))
    shares = [{name: _share(cases) for name, cases in groups.items()} for groups in (by_team, by_kind)]
    shown = [sorted((name, share) for name, share in safe(groups).items() if name != NO_TEAM) for groups in shares]
    return TeamFigures(total, shown[0], shown[1], _met({pk: author for pk, author, _passed, _kind in rows}))


def agreements() -> list[Row] | None:
    """α of the result and of each criterion, over what was reviewed twice; None where it is too little to show."""
    begin, end = period()
    pairs: dict[int, list[Review]] = defaultdict(list)
    for review in scored_twice().filter(at__gte=begin, at__lt=end):
        pairs[review.sample_id].append(review)
    both = [pair for pair in pairs.values() if len(pair) == 2]
    if len(both) < ENOUGH or len({review.reviewer_id for pair in both for review in pair}) < REVIEWERS:
        return None
    codes = {mark: float(number) for number, mark in enumerate(Mark.values)}
    rows = [Row(None, agreement([[review.score for review in pair] for pair in both], interval))]
    for one in _criteria():
        units = [[codes.get(review.marks.get(one.key, "")) for review in pair] for pair in both]
        rows.append(Row(one, agreement(units)))
    return rows


def _criteria() -> list[Criterion]:
    """Those of the scorecards in use, each once."""
    found = {one.key: one for card in scorecards() for one in card.parts}
    return list(found.values())


def _share(cases: Iterable[tuple[int, bool | None]]) -> Share:
    told = list(cases)
    return Share(
        len(told), frozenset(author for author, _passed in told), sum(bool(passed) for _author, passed in told)
    )


def _met(authors: Mapping[int, int]) -> list[tuple[Criterion, int, int]]:
    """How often each criterion was met, of how often it applied, by the review that counts: the last of each reply."""
    marks = dict(Review.objects.filter(sample__in=list(authors)).order_by("pk").values_list("sample", "marks"))
    found = []
    for one in _criteria():
        applies = {pk: kept[one.key] for pk, kept in marks.items() if kept.get(one.key, Mark.NONE) != Mark.NONE}
        share = _share((authors[pk], mark == Mark.MET) for pk, mark in applies.items())
        if may_be_shown(share):
            found.append((one, share.passed, share.n))
    return found
