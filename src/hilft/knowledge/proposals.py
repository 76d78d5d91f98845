"""Texts that somebody without the last word offers, and what others make of them: reuse is review."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.knowledge.commands import Key, Written, fill, make_question, write_version
from hilft.knowledge.enums import Audience, Confidence, Governance, Ground, Release
from hilft.knowledge.models import Answer, Check, Question, Version
from hilft.knowledge.releasing import Stale, locked, next_number, not_merged, not_stale, open_up, release
from hilft.knowledge.rules import missing, reuse_releases, word_of
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.people.rules import right_of


@transaction.atomic
def propose(
    *,
    by: User,
    question: Question,
    texts: Mapping[Key, Written],
    note: str = "",
    based_on: int | None = None,
    wording_only: bool = False,
) -> Version:
    """Offers a changed answer from where somebody works: a publisher's holds at once, others' wait for a second person.

    `based_on` is the published number the writer saw. What a colleague is writing meanwhile is left alone.
    """
    require(by, "answer.propose")
    answer = Answer.objects.select_for_update(of=("self",)).select_related("current").get(question=question)
    not_merged(question.pk)
    not_stale(answer, based_on)
    if missing({key: text.body for key, text in texts.items()}):
        raise Refusal(_("A version needs its German text in both forms of address, Sie and du."))
    if answer.current is not None and _same(answer.current, texts):
        raise Refusal(_("Nothing is changed yet."))
    version = Version.objects.create(
        answer=answer, number=next_number(answer), author=by, note=note, base=answer.current, offered_at=now()
    )
    fill(version, texts)
    return _offered(by, answer, version, wording_only=wording_only)


@transaction.atomic
def begin(*, by: User, title: str, topic: str, texts: Mapping[Key, Written]) -> Version:
    """Makes a question with an answer of which one form of address may still be missing: then it is a draft."""
    require(by, "answer.propose")
    question = make_question(by=by, title=title, topic=topic)
    if not missing({key: text.body for key, text in texts.items()}):
        return propose(by=by, question=question, texts=texts)
    answer = Answer.objects.get(question=question)
    version = Version.objects.create(answer=answer, number=1, author=by)
    fill(version, texts)
    record(by=by, verb="knowledge.begin", subject=version)
    return version


@transaction.atomic
def forget(*, by: User, question: Question) -> None:
    """Takes back a question that one began oneself and that nothing was made of yet.

    A text that holds already is never deleted: its question is archived.
    """
    require(by, "answer.propose")
    if question.created_by_id != by.pk or Version.objects.exclude(author=by).filter(answer__question=question).exists():
        raise Refusal(_("This belongs to somebody else."))
    record(by=by, verb="knowledge.forget", subject=question, title=question.title)
    answer = Answer.objects.select_for_update().get(question=question)
    if answer.current_id:
        answer.confidence, answer.audience = Confidence.ARCHIVED, Audience.INTERNAL
        answer.save(update_fields=["confidence", "audience"])
        return
    answer.versions.update(offered_at=None)
    question.delete()


@transaction.atomic
def offer(*, by: User, version: Version) -> Version:
    """Offers the version in progress to others, who decide on it; its writer begins another one for a change."""
    require(by, "answer.propose")
    answer, version = locked(version)
    not_merged(answer.question_id)
    if version.author_id != by.pk:
        raise Refusal(_("This belongs to somebody else."))
    if version.published_at or version.offered_at:
        raise Stale(_("This has been decided already, or taken back."))
    if missing({(text.language, text.address): text.body for text in version.texts.all()}):
        raise Refusal(_("A version needs its German text in both forms of address, Sie and du."))
    version.offered_at = now()
    version.save(update_fields=["offered_at"])
    return _offered(by, answer, version, wording_only=False)


@transaction.atomic
def accept(*, by: User, version: Version, wording_only: bool = False, reason: str = "") -> Version:
    """Publishes what somebody else offered, or what they released for the team; by the second person's right."""
    require(by, "answer.propose")
    answer, version = locked(version)
    if version.author_id == by.pk and answer.governance == Governance.TWO:
        raise NotAllowed(_("You wrote this yourself: somebody else has to decide."))
    how = word_of(right_of(by), own=version.author_id == by.pk, governance=answer.governance)
    if how is None:
        raise NotAllowed(_("Your right does not reach that far: ask somebody who publishes."))
    if version.released == Release.INSIDE:
        return open_up(version, by=by, how=how)
    if not version.offered_at:
        raise Stale(_("This has been decided already, or taken back."))
    if wording_only and not reason.strip():
        raise Refusal(_("Say in a few words why no reply needs correcting."))
    return release(version, by=by, how=how, wording_only=wording_only, reason=reason)


@transaction.atomic
def decline(*, by: User, version: Version, reason: str) -> Version:
    """Sends an offer back, with a reason for its author."""
    require(by, "answer.propose")
    answer, version = _waiting(version)
    if word_of(right_of(by), own=False, governance=answer.governance) is None:
        raise NotAllowed(_("Your right does not reach that far: ask somebody who publishes."))
    if not reason.strip():
        raise Refusal(_("A rejection needs a reason: say what should change."))
    return _closed(by, version, reason.strip(), verb="knowledge.decline")


@transaction.atomic
def withdraw(*, by: User, version: Version) -> Version:
    """Takes one's own offer back while nobody has decided."""
    require(by, "answer.propose")
    _answer, version = _waiting(version)
    if version.author_id != by.pk:
        raise Refusal(_("This belongs to somebody else."))
    return _closed(by, version, "", verb="knowledge.withdraw")


@transaction.atomic
def take_back(*, by: User, version: Version) -> Version:
    """Undoes one's own fix that holds already: what held before holds again, as another version."""
    require(by, "answer.propose")
    answer, version = locked(version)
    if version.author_id != by.pk or version.base is None or answer.current_id != version.pk:
        raise Refusal(_("Something else holds by now. Edit the answer instead."))
    texts = {(text.language, text.address): Written(text.body, text.short) for text in version.base.texts.all()}
    note = _("Version %(number)s taken back.") % {"number": version.number}
    return propose(by=by, question=answer.question, texts=texts, note=note)


@transaction.atomic
def reused(*, by: User, version: Version) -> None:
    """A reply was made from this version: for a text of somebody else's that is the second pair of eyes."""
    settled = version.published_at and version.released != Release.INSIDE
    if by.pk == version.author_id or (settled and version.answer.confidence == Confidence.CHECKED):
        return
    answer, version = locked(version)
    if answer.governance == Governance.TWO:
        return
    author = right_of(version.author) if version.author else None
    if version.released == Release.INSIDE and answer.current_id == version.pk:
        if reuse_releases(author, governance=answer.governance):
            open_up(version, by=by, how=Release.REUSED)
    elif is_usable(version, answer):
        release(version, by=by, how=Release.REUSED)
    elif answer.current_id == version.pk and answer.confidence in {Confidence.DRAFT, Confidence.UNCHECKED}:
        answer.confidence, answer.checked_at = Confidence.CHECKED, now()
        answer.save(update_fields=["confidence", "checked_at"])
        Check.objects.create(version=version, ground=Ground.REUSE, by=by)
        record(by=by, verb="knowledge.validate", subject=version, number=version.number)


def is_usable(version: Version, answer: Answer) -> bool:
    """Whether others may make replies from an offer already: a contributor's, written against what holds now."""
    if Question.objects.filter(pk=answer.question_id, merged_into__isnull=False).exists():
        return False
    waits = version.published_at is None and version.offered_at is not None and version.closed_at is None
    author = right_of(version.author) if version.author else None
    return waits and version.base_id == answer.current_id and reuse_releases(author, governance=answer.governance)


@transaction.atomic
def take_over(*, by: User, version: Version) -> Version:
    """Goes on writing what somebody offered, as one's own version in progress; the offer is closed."""
    require(by, "knowledge.write")
    answer, version = _waiting(version)
    if answer.versions.in_progress().exists():
        raise Refusal(_("Another version is being written. Finish it first."))
    texts = {(text.language, text.address): Written(text.body, text.short) for text in version.texts.all()}
    _closed(by, version, _("Taken over to go on writing."), verb="knowledge.take_over")
    return write_version(by=by, question=answer.question, texts=texts, note=version.note)


def _offered(by: User, answer: Answer, version: Version, *, wording_only: bool) -> Version:
    """What becomes of an offer at once, by its author's right."""
    right = right_of(by)
    record(by=by, verb="knowledge.offer", subject=version, number=version.number, right=right)
    if word_of(right, own=True, governance=answer.governance) == Release.ALONE:
        reason = version.note or _("Only the wording changed.")
        return release(version, by=by, how=Release.ALONE, wording_only=wording_only, reason=reason)
    if answer.current_id is None and reuse_releases(right, governance=answer.governance):
        return release(version, by=by, how=Release.INSIDE)
    tell("knowledge", question=answer.question_id, offered=version.pk)
    return version


def _waiting(version: Version) -> tuple[Answer, Version]:
    answer, version = locked(version)
    if version.published_at or version.closed_at or not version.offered_at:
        raise Stale(_("This has been decided already, or taken back."))
    return answer, version


def _closed(by: User, version: Version, reason: str, *, verb: str) -> Version:
    version.closed_at, version.closed_by, version.closed_reason = now(), by, reason[:300]
    version.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    record(by=by, verb=verb, subject=version, number=version.number, reason=reason)
    tell("knowledge", question=version.answer.question_id, offered=version.pk)
    return version


def _same(current: Version, texts: Mapping[Key, Written]) -> bool:
    standing = {(text.language, text.address): (text.body, text.short) for text in current.texts.all()}
    return standing == {
        key: (text.body.strip(), text.short.strip()) for key, text in texts.items() if text.body.strip()
    }
