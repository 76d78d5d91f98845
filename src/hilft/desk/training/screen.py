"""What the screens of training show: an exam's questions in their order, a practice conversation, what is missing."""

from typing import NamedTuple

from hilft.channels.registry import KINDS
from hilft.people.certificates import Lack, lacks, required_for
from hilft.people.enums import Gate
from hilft.people.models import User
from hilft.people.rules import may
from hilft.training.models import Attempt, ExamQuestion, Module, PracticeTask, in_language
from hilft.training.queries import modules_by_skill, practices_of, progress_in
from hilft.training.rules import is_right, order

WORKS: dict[Gate, str] = {
    Gate.DRAFT: "draft.write",
    Gate.APPROVE: "draft.approve",
    Gate.ROUTE: "conversation.work",
}
"""The permission that a gate stands before: who lacks it is told of no certificate for it."""


class Choice(NamedTuple):
    """One choice as it is shown; `place` is its own in the bank."""

    place: int
    text: str
    right: bool
    chosen: bool


class Asked(NamedTuple):
    """One question of an exam, with its choices in the order of the exam's seed."""

    question: ExamQuestion
    choices: list[Choice]
    right: bool
    several: bool


class Missing(NamedTuple):
    """What somebody cannot do for want of a certificate, and the modules that lead to it."""

    gate: Gate
    lack: Lack
    modules: list[Module]


def exam_context(attempt: Attempt, user: User) -> dict[str, object]:
    """The questions; what was right and why only once it has ended."""
    bank = ExamQuestion.objects.in_bulk(attempt.questions)
    asked = [_asked(attempt, bank[pk]) for pk in attempt.questions if pk in bank]
    where = progress_in(attempt.user, attempt.module) if attempt.ended_at else None
    return {
        "attempt": attempt,
        "module": attempt.module,
        "asked": asked,
        "own": attempt.user_id == user.pk,
        "progress": where,
    }


def practice_context(user: User, task: PracticeTask) -> dict[str, object]:
    """The customer's post, what the last reply was told, and whether a new one is due."""
    return {
        "task": task,
        "module": task.module,
        "progress": progress_in(user, task.module),
        "practices": practices_of(user, task.module),
        "last": practices_of(user, task.module).first(),
        "criteria": [in_language(one) for one in task.criteria],
    }


def required_of(user: User) -> list[Missing]:
    """What this person's roles would let them do and a missing or ended certificate does not."""
    by_skill = modules_by_skill()
    found: list[Missing] = []
    for gate, action in WORKS.items():
        if may(user, action):
            kinds = {one.channel for one in required_for(gate, _kinds())} - {""} or {""}
            found += [Missing(gate, lack, by_skill.get(lack.skill.pk, [])) for lack in lacks(user, gate, kinds)]
    return found


def _kinds() -> list[str]:
    return list(KINDS)


def _asked(attempt: Attempt, question: ExamQuestion) -> Asked:
    chosen = attempt.answers.get(str(question.pk), [])
    places = order(len(question.choices), attempt.seed, question.pk)
    choices = [
        Choice(place, in_language(question.choices[place]), bool(question.choices[place]["right"]), place in chosen)
        for place in places
    ]
    several = sum(choice.right for choice in choices) > 1
    return Asked(question, choices, is_right(question.choices, chosen), several)
