"""How a version becomes the one that holds, once it is clear by whose word; commands ask that before."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.knowledge.enums import Audience, Confidence, Governance, Ground, Release
from hilft.knowledge.models import Answer, Check, Question, Version
from hilft.knowledge.rules import REVIEW, missing
from hilft.knowledge.signals import version_published
from hilft.people.errors import Refusal
from hilft.people.models import User


class Stale(Refusal):
    """Somebody else published or changed the answer since this page was opened."""


def release(
    version: Version,
    *,
    by: User | None,
    how: Release,
    publisher: User | None = None,
    wording_only: bool = False,
    reason: str = "",
) -> Version:
    """Makes a version the one that holds; replies made from older ones are due for correction.

    Released INSIDE it serves agents only, until somebody else's use or look opens it. `publisher` is whose word it
    was, where that is not `by`.
    """
    answer, version = locked(version)
    _holds_together(answer, version)
    published = answer.versions.exclude(published_at=None)
    if published.filter(number__gt=version.number).exists():
        version.number = next_number(answer)
    inside = how == Release.INSIDE
    version.published_at, version.released = now(), how
    version.publisher = None if inside else publisher or by
    version.wording_only, version.wording_only_reason = wording_only, reason.strip()
    version.save()
    answer.current = version
    answer.confidence = Confidence.UNCHECKED if inside else Confidence.CHECKED
    answer.audience = Audience.INTERNAL if inside else Audience.PUBLIC
    answer.owner = answer.owner or (version.publisher if how == Release.CHECKED else version.author)
    answer.checked_at, answer.review_on = version.published_at, review_day(answer)
    answer.save()
    _noted(version, version.publisher, how)
    record(
        by=by,
        verb="knowledge.publish",
        subject=version,
        number=version.number,
        released=how,
        wording_only=wording_only,
        reason=reason,
    )
    version_published.send(Version, version=version, by=by)
    _heard(answer, version, followers=not inside and not wording_only)
    return version


def open_up(version: Version, *, by: User, how: Release) -> Version:
    """What its author released for the team is for everybody now."""
    answer, version = locked(version)
    if version.released != Release.INSIDE or answer.current_id != version.pk:
        raise Stale(_("This has been decided already, or taken back."))
    version.released, version.publisher = how, by
    version.save(update_fields=["released", "publisher"])
    answer.confidence, answer.audience, answer.checked_at = Confidence.CHECKED, Audience.PUBLIC, now()
    answer.review_on = review_day(answer)
    answer.save(update_fields=["confidence", "audience", "checked_at", "review_on"])
    _noted(version, by, how)
    record(by=by, verb="knowledge.open", subject=version, number=version.number, released=how)
    _heard(answer, version, followers=True)
    return version


def locked(version: Version) -> tuple[Answer, Version]:
    """A version and its answer as they are now; the answer is locked first by everybody."""
    answer = Answer.objects.select_for_update().get(pk=version.answer_id)
    found = Version.objects.select_for_update(of=("self",)).select_related("author").get(pk=version.pk)
    found.answer = answer
    return answer, found


def next_number(answer: Answer) -> int:
    """The number of the next version."""
    last = answer.versions.order_by("-number").first()
    return last.number + 1 if last else 1


def review_day(answer: Answer) -> date:
    """When somebody has to look again, counted from today."""
    return timezone.localdate(now()) + REVIEW[Governance(answer.governance)]


def not_merged(question: int) -> None:
    """Refuses what was merged: its answer is written where it went."""
    if Question.objects.filter(pk=question, merged_into__isnull=False).exists():
        raise Refusal(_("This question has been merged into another one. Its answer is written there."))


def not_stale(answer: Answer, based_on: int | None) -> None:
    """Refuses a text that was written to replace a version which no longer holds."""
    if based_on is not None and answer.current and answer.current.number != based_on:
        raise Stale(
            _("Version %(number)s was published meanwhile. Your text is kept below: compare and save again.")
            % {"number": answer.current.number}
        )


def _holds_together(answer: Answer, version: Version) -> None:
    not_merged(answer.question_id)
    if version.published_at:
        raise Stale(_("This version has been published already."))
    if version.closed_at:
        raise Stale(_("This has been decided already, or taken back."))
    if version.base_id != answer.current_id:
        raise Stale(_("Another version was published since this text was written. Compare the two first."))
    if missing({(text.language, text.address): text.body for text in version.texts.all()}):
        raise Refusal(_("A version needs its German text in both forms of address, Sie and du."))


def _noted(version: Version, by: User | None, how: Release) -> None:
    """A second person's word is kept as a check."""
    grounds = {Release.CHECKED: Ground.SECOND, Release.REUSED: Ground.REUSE}
    if by is not None and how in grounds:
        Check.objects.create(version=version, ground=grounds[how], by=by)


def _heard(answer: Answer, version: Version, *, followers: bool) -> None:
    Question.objects.filter(pk=answer.question_id).update(updated_at=now())
    if followers:
        enqueue("knowledge.tell_followers", version=version.pk)
    tell("knowledge", question=answer.question_id, version=version.number)
