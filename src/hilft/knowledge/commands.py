"""The only writers of questions, wordings and answers."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.newlines import plain
from hilft.base.queue import enqueue
from hilft.knowledge.calibration import fitted
from hilft.knowledge.enums import Audience, Origin, Release
from hilft.knowledge.models import Answer, Matching, Miss, Question, Text, Version, Vote, Wording
from hilft.knowledge.releasing import Stale as Stale  # whoever writes has to know what may come of it
from hilft.knowledge.releasing import locked, next_number, not_merged, not_stale, release
from hilft.knowledge.rules import HIGHEST, LOWEST, word_of
from hilft.people.enums import Right
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.people.rules import right_of
from hilft.reading.language import language as language_of
from hilft.reading.privacy import mask

Key = tuple[str, str]


class Written(NamedTuple):
    """What an editor wrote for one language and form of address."""

    body: str
    short: str


@transaction.atomic
def add_question(
    *, by: User | None, title: str, topic: str, title_en: str = "", topic_en: str = "", slug: str = ""
) -> Question:
    """Makes a question with an empty answer in progress; its title is its first wording."""
    if by is not None:
        require(by, "knowledge.write")
    return make_question(by=by, title=title, topic=topic, title_en=title_en, topic_en=topic_en, slug=slug)


def make_question(
    *, by: User | None, title: str, topic: str, title_en: str = "", topic_en: str = "", slug: str = ""
) -> Question:
    """The question itself, by whoever was asked before whether they may."""
    question = Question.objects.create(
        slug=slug or _free_slug(title),
        title=title,
        title_en=title_en,
        topic=topic,
        topic_en=topic_en,
        created_by=by,
    )
    Answer.objects.create(question=question)
    add_wording(by=by, question=question, text=title, origin=Origin.EDITOR)
    record(by=by, verb="knowledge.add_question", subject=question)
    return question


def holder_of(question: Question) -> Question:
    """Whom a question's things belong to now: the object at hand may be older than a merge."""
    return Question.objects.select_related("merged_into").get(pk=question.pk).holder


@transaction.atomic
def add_wording(
    *,
    by: User | None,
    question: Question,
    text: str,
    origin: Origin = Origin.EDITOR,
    language: str = "",
    message: int | None = None,
) -> Wording:
    """Adds a way of asking, without personal data; the same words again change nothing."""
    if by is not None:
        require(by, "wording.add")
    clean = as_wording(text)
    if not clean:
        raise Refusal(_("A wording needs words."))
    question = holder_of(question)
    found = language or language_of(clean)
    wording, created = Wording.objects.get_or_create(
        question=question,
        text=clean,
        removed_at=None,
        defaults={"language": found, "origin": origin, "source_message": message, "added_by": by},
    )
    if created:
        if origin != Origin.IMPORT:
            enqueue("knowledge.embed")
        record(by=by, verb="knowledge.add_wording", subject=wording, question=question.pk)
    return wording


def as_wording(text: str) -> str:
    """The words as they are kept: without personal data, on one line, not longer than anybody asks."""
    return " ".join(mask(text).split())[:600]


@transaction.atomic
def add_miss(*, by: User, question: Question, text: str, message: int) -> None:
    """Keeps, without personal data, that somebody said of a text that it does not ask this question."""
    require(by, "conversation.work")
    clean = " ".join(mask(text).split())[:600]
    if not clean:
        return
    _miss, created = Miss.objects.get_or_create(
        question=question, source_message=message, defaults={"text": clean, "added_by": by}
    )
    if created:
        enqueue("knowledge.embed")


def take_back_miss(*, question: Question, message: int) -> None:
    """A text does ask this question after all."""
    Miss.objects.filter(question=question, source_message=message).delete()


@transaction.atomic
def set_bar(*, by: User, bar: float) -> None:
    """Sets from which likelihood on a hosted question is suggested at all."""
    require(by, "knowledge.write")
    if not LOWEST <= bar <= HIGHEST:
        raise Refusal(_("Choose a value between %(from)s and %(to)s %%.") % {"from": "5", "to": "95"})
    settings, _created = Matching.objects.get_or_create(pk=1)
    before = settings.bar
    settings.bar = bar
    settings.save(update_fields=["bar"])
    record(by=by, verb="knowledge.set_bar", subject=settings, before=before, bar=bar)


@transaction.atomic
def calibrate(verdicts: Sequence[tuple[float, bool]]) -> None:
    """Bends the shipped likelihoods by this installation's own verdicts on them."""
    curve = fitted(verdicts)
    Matching.objects.update_or_create(
        pk=1,
        defaults={
            "slope": curve.slope,
            "offset": curve.offset,
            "verdicts": len(verdicts),
            "calibrated_at": now(),
        },
    )


@transaction.atomic
def remove_wording(*, by: User, wording: Wording) -> None:
    """Takes a wording out of matching; it can be added again."""
    require(by, "wording.add")
    wording.removed_at = now()
    wording.save(update_fields=["removed_at"])
    record(by=by, verb="knowledge.remove_wording", subject=wording, question=wording.question_id)


@transaction.atomic
def restore_wording(*, by: User, wording: Wording) -> None:
    """Undoes a removal; words that were added again meanwhile stay as they are."""
    require(by, "wording.add")
    try:
        with transaction.atomic():
            wording.removed_at, wording.unread = None, True
            wording.save(update_fields=["removed_at", "unread"])
    except IntegrityError:
        return
    enqueue("knowledge.embed")
    record(by=by, verb="knowledge.restore_wording", subject=wording)


@transaction.atomic
def write_version(
    *, by: User | None, question: Question, texts: Mapping[Key, Written], note: str = "", based_on: int | None = None
) -> Version:
    """Writes the version in progress (one per answer); `based_on` is the published number the writer saw."""
    if by is not None:
        require(by, "knowledge.write")
    answer = Answer.objects.select_for_update(of=("self",)).select_related("current").get(question=question)
    not_merged(question.pk)
    not_stale(answer, based_on)
    version = answer.versions.in_progress().first()
    if version is None:
        version = Version.objects.create(answer=answer, number=next_number(answer), author=by)
    version.author, version.note, version.base, version.checklist = by, note, answer.current, {}
    version.save(update_fields=["author", "note", "base", "checklist"])
    version.texts.all().delete()
    fill(version, texts)
    record(by=by, verb="knowledge.write_version", subject=version, number=version.number)
    return version


def fill(version: Version, texts: Mapping[Key, Written]) -> None:
    """Gives a new version its texts; empty ones are left out."""
    Text.objects.bulk_create(
        Text(version=version, language=language, address=address, body=plain(text.body), short=plain(text.short))
        for (language, address), text in texts.items()
        if text.body.strip()
    )


@transaction.atomic
def publish_version(*, by: User | None, version: Version, wording_only: bool = False, reason: str = "") -> Version:
    """Makes the version in progress the one that holds; replies made from older ones are due for correction.

    Refuses one's own text without the publisher's right, or where two people always have to look: that is offered.
    `wording_only` says that nothing out there needs correcting, and needs a reason.
    """
    answer, version = locked(version)
    how: Release | None = Release.ALONE
    if by is not None:
        require(by, "knowledge.publish")
        how = word_of(right_of(by), own=version.author_id == by.pk, governance=answer.governance)
    if how is None:
        raise Refusal(_("This takes a second person: offer the text, then somebody else publishes it."))
    if wording_only and not reason.strip():
        raise Refusal(_("Say in a few words why no reply needs correcting."))
    return release(version, by=by, how=how, wording_only=wording_only, reason=reason)


@transaction.atomic
def set_title(*, by: User, question: Question, title: str, title_en: str, topic: str) -> None:
    """Renames a question; the former title stays as a wording."""
    require(by, "knowledge.write")
    answer = Answer.objects.select_for_update().get(question=question)
    if answer.audience == Audience.PUBLIC and right_of(by) != Right.PUBLISHER:
        raise Refusal(_("Everybody reads this title: renaming it takes the publisher's right."))
    question.title, question.title_en, question.topic = title, title_en, topic
    question.save(update_fields=["title", "title_en", "topic", "updated_at"])
    add_wording(by=by, question=question, text=title)
    record(by=by, verb="knowledge.set_title", subject=question, title=title)


def count_use(question: Question) -> None:
    """Counts that a reply was made from this question's answer."""
    holder = holder_of(question)
    # the answer first: whoever publishes locks the two in this order
    Answer.objects.filter(question=holder).update(used=F("used") + 1)
    Question.objects.filter(pk=holder.pk).update(asked=F("asked") + 1)


def vote(*, version: Version, voter: str, helped: bool) -> None:
    """Records a reader's word; saying it again replaces it. The voter is stored only as a hash."""
    digest = hashlib.sha256(voter.encode()).hexdigest()
    Vote.objects.update_or_create(version=version, voter=digest, defaults={"helped": helped})


def _free_slug(title: str) -> str:
    plain = title.lower()
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, written)
    base = slugify(plain)[:80] or "frage"
    taken = set(Question.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(s for s in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if s not in taken)
