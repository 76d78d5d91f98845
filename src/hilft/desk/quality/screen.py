"""What the screens of quality show of a review: each criterion with its mark and comment, in the person's language."""

from typing import NamedTuple

from hilft.quality.enums import Mark, Round
from hilft.quality.models import Review, Sample
from hilft.quality.queries import thread_of
from hilft.quality.rules import Criterion

TONES = {Mark.MET: "ok", Mark.MISSED: "danger", Mark.NONE: "outline"}
ICONS = {Mark.MET: "check", Mark.MISSED: "x", Mark.NONE: "minus"}


class Line(NamedTuple):
    """One criterion as it was marked."""

    criterion: Criterion
    word: str
    tone: str
    icon: str
    comment: str


class Shown(NamedTuple):
    """One review as it is shown: by its round, never by its reviewer's name."""

    name: str
    review: Review
    lines: list[Line]


def shown(sample: Sample, reviews: list[Review]) -> list[Shown]:
    """Reviews in the order in which they were written."""
    return [Shown(str(Round(one.round).label), one, _lines(sample, one)) for one in reviews]


def reply_context(sample: Sample) -> dict[str, object]:
    """The reply with what it answers, and nothing that says who wrote or released it."""
    conversation = sample.placement.conversation
    return {
        "sample": sample,
        "thread": thread_of(sample),
        "customer": conversation.handle,
        "kind": sample.placement.account.kind,
        "public": sample.placement.public,
        "text": sample.text,
    }


def _lines(sample: Sample, review: Review) -> list[Line]:
    found = []
    for one in sample.scorecard.parts:
        mark = Mark(review.marks[one.key])
        found.append(Line(one, str(mark.label), TONES[mark], ICONS[mark], review.comments.get(one.key, "")))
    return found
