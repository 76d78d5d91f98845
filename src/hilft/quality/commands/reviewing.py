"""Reviewing what was drawn: alone and blind, together where two lie apart, and anew where the author objects."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.quality.enums import Mark, Round, State
from hilft.quality.models import Dispute, Review, Sample, Taken
from hilft.quality.queries import may_dispute, others_at, taken_by
from hilft.quality.rules import Result, apart, both, result

Words = Mapping[str, str]


class Busy(Refusal):
    """Others are reviewing this reply."""


@transaction.atomic
def take(*, by: User, sample: Sample) -> None:
    """Whoever opens a drawn reply has it for a while, and only this one; refuses what enough others have."""
    sample = _locked(by, sample)
    _not_busy(by, sample)
    held = taken_by(by)
    if held and held.sample_id == sample.pk:
        Taken.objects.filter(pk=held.pk).update(at=now())
        return
    Taken.objects.update_or_create(reviewer=by, defaults={"sample": sample, "since": now(), "at": now()})
    record(by=by, verb="quality.take", subject=sample)
    tell("quality", sample=sample.pk)


@transaction.atomic
def score(*, by: User, sample: Sample, marks: Words, comments: Words, remark: str = "") -> Review:
    """The first review of a reply, or the second where it is reviewed twice; nobody sees the other one before.

    Who had it too long and lost it to somebody else is refused.
    """
    sample = _locked(by, sample)
    if sample.state not in {State.OPEN, State.SECOND}:
        raise Refusal(_("This has been reviewed meanwhile."))
    if sample.reviews.filter(reviewer=by).exists():
        raise NotAllowed(_("You have reviewed this already: the second review is somebody else's."))
    _not_busy(by, sample)
    first = sample.reviews.filter(round=Round.FIRST).first()
    made = _review(by, sample, Round.SECOND if first else Round.FIRST, marks, comments, remark)
    if first is None and sample.twice:
        sample.state = State.SECOND
        sample.save(update_fields=["state"])
    elif first is None:
        _settle(sample, made.result)
    elif apart(first.result, made.result):
        sample.state = State.TOGETHER
        sample.save(update_fields=["state"])
    else:
        _settle(sample, both(first.result, made.result))
    Taken.objects.filter(reviewer=by, sample=sample).delete()
    record(by=by, verb="quality.score", subject=sample)
    tell("quality", sample=sample.pk)
    return made


@transaction.atomic
def agree(*, by: User, sample: Sample, marks: Words, comments: Words, remark: str = "") -> Review:
    """What two reviewers whose results lay apart say together; either of them writes it down."""
    sample = _locked(by, sample)
    if sample.state != State.TOGETHER:
        raise Refusal(_("There is nothing to look at together here any more."))
    if not sample.reviews.filter(reviewer=by).exists():
        raise NotAllowed(_("Those two who reviewed it look at it together."))
    made = _review(by, sample, Round.TOGETHER, marks, comments, remark)
    _settle(sample, made.result)
    record(by=by, verb="quality.agree", subject=sample)
    tell("quality", sample=sample.pk)
    return made


@transaction.atomic
def dispute(*, by: User, sample: Sample, reason: str) -> Dispute:
    """The author objects to a result, with a reason, once and in time; somebody else looks at it anew."""
    require(by, "desk.see")
    sample = Sample.objects.select_for_update(of=("self",)).select_related("plan").get(pk=sample.pk)
    if sample.author_id != by.pk:
        raise NotAllowed(_("Only the author can dispute a result."))
    if not reason.strip():
        raise Refusal(_("Say what the reviewers should have seen differently."))
    if not may_dispute(sample):
        raise Refusal(_("This result can no longer be disputed."))
    made = Dispute.objects.create(sample=sample, reason=reason.strip(), at=now())
    record(by=by, verb="quality.dispute", subject=sample)
    tell("quality", sample=sample.pk)
    return made


@transaction.atomic
def decide(*, by: User, sample: Sample, marks: Words, comments: Words, remark: str) -> Review:
    """Somebody who neither wrote, released nor reviewed it decides; the result replaces the old one, which stays."""
    sample = _locked(by, sample)
    found = Dispute.objects.select_for_update().filter(sample=sample, decision=None).first()
    if found is None:
        raise Refusal(_("This dispute has been decided already."))
    if sample.reviews.filter(reviewer=by).exists():
        raise NotAllowed(_("You have reviewed this yourself: somebody else decides."))
    if not remark.strip():
        raise Refusal(_("Say why: the author reads it."))
    found.decision = made = _review(by, sample, Round.DECISION, marks, comments, remark)
    found.save(update_fields=["decision"])
    sample.score, sample.passed, sample.critical = made.result
    sample.save(update_fields=["score", "passed", "critical"])
    record(by=by, verb="quality.decide", subject=sample)
    tell("quality", sample=sample.pk)
    return made


def _locked(by: User, sample: Sample) -> Sample:
    require(by, "quality.review")
    sample = Sample.objects.select_for_update(of=("self",)).select_related("scorecard").get(pk=sample.pk)
    if by.pk in sample.hands:
        raise NotAllowed(_("You had a hand in this text: somebody else reviews it."))
    return sample


def _not_busy(by: User, sample: Sample) -> None:
    """Of two who review the same reply neither is told who the other is."""
    others = others_at(sample, by)
    if others and sample.twice:
        raise Busy(_("Others are reviewing this."))
    if others:
        since = date_format(localtime(others[0].since), "TIME_FORMAT")
        raise Busy(_("%(name)s is reviewing this since %(time)s.") % {"name": others[0].reviewer.name, "time": since})


def _review(by: User, sample: Sample, as_what: Round, marks: Words, comments: Words, remark: str) -> Review:
    card = sample.scorecard
    try:
        found = result(card.parts, marks, enough=card.enough)
    except ValueError as error:
        raise Refusal(_("Say of each criterion whether it is met; at least one has to apply.")) from error
    said = {one.key: comments.get(one.key, "").strip() for one in card.parts}
    if not all(said[key] for key, mark in marks.items() if mark == Mark.MISSED):
        raise Refusal(_("Say of what is not met what should be different."))
    return Review.objects.create(
        sample=sample,
        round=as_what,
        reviewer=by,
        marks=dict(marks),
        comments={key: text for key, text in said.items() if text},
        remark=remark.strip(),
        at=now(),
        **found._asdict(),
    )


def _settle(sample: Sample, found: Result) -> None:
    sample.state, sample.settled_at = State.DONE, now()
    sample.score, sample.passed, sample.critical = found
    sample.save()
