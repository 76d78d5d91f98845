"""Merging questions and splitting one: what moves is noted row by row, so that undo loses nothing."""

from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.knowledge.causes.models import Naming
from hilft.knowledge.commands import Written, add_question, write_version
from hilft.knowledge.enums import MoveKind, Release
from hilft.knowledge.models import Answer, Follower, Move, Question, Version, Wording
from hilft.knowledge.releasing import release
from hilft.knowledge.signals import move_undone, question_moved
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

CURRENT = Q(removed_at=None)


class Choice(NamedTuple):
    """What a split takes along: wordings, and what came in those words except the conversations that are to stay."""

    wordings: frozenset[int]
    staying: frozenset[int] = frozenset()


@transaction.atomic
def merge(*, by: User, source: Question, into: Question) -> Move:
    """Makes one question of two: `into` gets all that hangs on `source`, whose address leads there from now on.

    Published replies keep the version that they were made from; the next change of the other answer corrects them.
    """
    require(by, "knowledge.write")
    source, into = _locked(source, into)
    if source.merged_into_id:
        raise Refusal(_("This question has been merged already."))
    if into.pk == source.pk:
        raise Refusal(_("A question cannot be merged into itself."))
    if not Question.objects.hosted().filter(pk=into.pk).exists():
        raise Refusal(_("The question that stays needs a published answer."))
    return _merge(by, source, into)


@transaction.atomic
def split(*, by: User, question: Question, title: str, topic: str, choice: Choice) -> Move:
    """Makes two questions of one: the chosen wordings and what came in them go to a new question.

    It begins with a copy of the present answer, so that nothing people read changes before somebody writes another.
    """
    require(by, "knowledge.write")
    (question,) = _locked(question)
    chosen = Wording.objects.current().filter(question=question, pk__in=choice.wordings)
    if not chosen.exists():
        raise Refusal(_("Choose the wordings that ask something else."))
    if not Wording.objects.current().filter(question=question).exclude(pk__in=choice.wordings).exists():
        raise Refusal(_("At least one wording has to stay: else rename the question."))
    new = add_question(by=by, title=title, topic=topic, topic_en=question.topic_en)
    _copy_answer(by, question, new)
    move = Move.objects.create(kind=MoveKind.SPLIT, source=question, target=new, by=by)
    carry(move, "wordings", chosen, once="text", among=CURRENT)
    question_moved.send(Move, move=move, choice=choice)
    _finish(move)
    record(by=by, verb="knowledge.split", subject=question, into=new.pk, wordings=len(move.moved["wordings"]))
    return move


@transaction.atomic
def undo(*, by: User, move: Move) -> Move:
    """Takes a merge or split back: every row that moved returns, unless it went elsewhere since.

    What joined the other question meanwhile stays with it; a split is undone by merging the new question back.
    """
    require(by, "knowledge.write")
    move = Move.objects.select_for_update(of=("self",)).select_related("source", "target").get(pk=move.pk)
    if move.undone_at:
        raise Refusal(_("This has been undone already."))
    if move.target.merged_into_id:
        raise Refusal(_("The other question was merged since. Undo that first."))
    move.undone_at, move.undone_by = now(), by
    move.save(update_fields=["undone_at", "undone_by"])
    if move.kind == MoveKind.SPLIT:
        target, source = _locked(move.target, move.source)
        _merge(by, target, source)
    else:
        _separate(move)
    record(by=by, verb="knowledge.undo_move", subject=move, kind=move.kind)
    return move


def carry(move: Move, name: str, rows: QuerySet[Any], *, once: str = "", among: Q | None = None) -> None:
    """Hands rows of the source to the target and notes them under `name`.

    Where a question may have something only `once`, what the target has already stays with the source.
    """
    keys = _hand_over(rows.filter(question=move.source_id), move.target_id, once, among)
    move.moved[name] = move.moved.get(name, []) + keys


def bring_back(move: Move, name: str, model: type[Any], *, once: str = "", among: Q | None = None) -> None:
    """Hands the noted rows back to the source, as far as the target still has them."""
    rows = model._default_manager.filter(pk__in=move.moved.get(name, []), question=move.target_id)
    _hand_over(rows, move.source_id, once, among)


def _hand_over(rows: QuerySet[Any], to: int, once: str, among: Q | None) -> list[int]:
    among = among or Q()
    if once:
        there = rows.model._default_manager.filter(among, question=to, **{once: OuterRef(once)})
        rows = rows.exclude(among & Q(Exists(there)))
    keys: list[int] = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=keys).update(question=to)
    return keys


def _merge(by: User, source: Question, into: Question) -> Move:
    answer = Answer.objects.get(question=source)
    move = Move.objects.create(
        kind=MoveKind.MERGE, source=source, target=into, by=by, asked=source.asked, used=answer.used
    )
    earlier = Question.objects.filter(merged_into=source)
    move.moved["merged"] = list(earlier.order_by("pk").values_list("pk", flat=True))
    earlier.update(merged_into=into)
    source.merged_into = into
    source.save(update_fields=["merged_into", "updated_at"])
    carry(move, "wordings", Wording.objects.all(), once="text", among=CURRENT)
    carry(move, "followers", Follower.objects.all(), once="email")
    carry(move, "namings", Naming.objects.all(), once="cause")
    question_moved.send(Move, move=move, choice=None)
    _finish(move)
    record(by=by, verb="knowledge.merge", subject=source, into=into.pk)
    return move


def _separate(move: Move) -> None:
    source, target = _locked(move.source, move.target, follow=False)
    Question.objects.filter(pk__in=move.moved["merged"], merged_into=target).update(merged_into=source)
    Question.objects.filter(pk=source.pk).update(merged_into=None, updated_at=now())
    bring_back(move, "wordings", Wording, once="text", among=CURRENT)
    bring_back(move, "followers", Follower, once="email")
    bring_back(move, "namings", Naming, once="cause")
    move_undone.send(Move, move=move)
    _count(target.pk, source.pk, move)
    _index(move)


def _finish(move: Move) -> None:
    """Saves what was noted, and lets counts and search follow."""
    move.save()
    _count(move.source_id, move.target_id, move)
    _index(move)


def _count(giver: int, taker: int, move: Move) -> None:
    Question.objects.filter(pk=giver).update(asked=Greatest(F("asked") - move.asked, 0))
    Question.objects.filter(pk=taker).update(asked=F("asked") + move.asked, updated_at=now())
    Answer.objects.filter(question=giver).update(used=Greatest(F("used") - move.used, 0))
    Answer.objects.filter(question=taker).update(used=F("used") + move.used)


def _index(move: Move) -> None:
    with connection.cursor() as cursor:
        for question in (move.source_id, move.target_id):
            cursor.execute("SELECT hilft_question_search(%s)", [question])
    enqueue("inbox.rematch")
    tell("knowledge", question=move.source_id)
    tell("knowledge", question=move.target_id)


def _copy_answer(by: User, question: Question, new: Question) -> None:
    answer = Answer.objects.select_related("current__author", "current__publisher").get(question=question)
    if answer.current is None:
        return
    texts = {(t.language, t.address): Written(t.body, t.short) for t in answer.current.texts.all()}
    copied = _("Copied when the question was split.")
    version = write_version(by=None, question=new, texts=texts, note=copied)
    Version.objects.filter(pk=version.pk).update(author=answer.current.author)
    how, publisher = Release(answer.current.released), answer.current.publisher
    release(version, by=by, how=how, publisher=publisher, wording_only=True, reason=copied)
    kept = ("confidence", "audience", "governance", "governance_reason", "owner", "review_on", "checked_at")
    Answer.objects.filter(question=new).update(**{name: getattr(answer, name) for name in kept})


def _locked(*questions: Question, follow: bool = True) -> tuple[Question, ...]:
    """The questions as they are now, locked in one order for all; the second one gives way to its holder."""
    keys = [question.pk for question in questions]
    if follow:
        rows = Question.objects.filter(pk__in=keys[1:]).values_list("pk", "merged_into")
        holders = dict(rows)
        keys = [keys[0], *(holders[pk] or pk for pk in keys[1:])]
    found = {q.pk: q for q in Question.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return tuple(found[pk] for pk in keys)
