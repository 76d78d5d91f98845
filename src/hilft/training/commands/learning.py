"""What people do to learn: read, take exams, write practice replies."""

import secrets

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.certificates import skill_name
from hilft.people.certifying import grant_certificate
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Certificate, User
from hilft.people.queries import require
from hilft.training.enums import Step
from hilft.training.models import Attempt, ExamQuestion, Lesson, Module, Practice, PracticeTask, Reading
from hilft.training.queries import progress_in
from hilft.training.rules import draw, is_right, passes


@transaction.atomic
def read_lesson(*, by: User, lesson: Lesson) -> Reading:
    """Notes that the person has read a lesson; once."""
    require(by, "desk.see")
    reading, new = Reading.objects.get_or_create(user=by, lesson=lesson, defaults={"at": now()})
    if new:
        record(by=by, verb="training.read", subject=lesson, module=lesson.module_id)
    return reading


@transaction.atomic
def begin_exam(*, by: User, module: Module) -> Attempt:
    """The exam that the person has open, or a new one; where it is not time for one, says what comes first."""
    require(by, "desk.see")
    User.objects.select_for_update().get(pk=by.pk)
    mine = Attempt.objects.filter(user=by, module=module).order_by("-pk")
    if mine and mine[0].ended_at is None:
        return mine[0]
    where = progress_in(by, module)
    if where.step not in {Step.EXAM, Step.REFRESH}:
        again = (
            formats.date_format(timezone.localtime(where.again_at), "SHORT_DATETIME_FORMAT") if where.again_at else ""
        )
        raise Refusal(
            {
                Step.LESSONS: _("Read the lessons first."),
                Step.LATER: _("You can try again from %(at)s on.") % {"at": again},
                Step.DONE: _("You hold this certificate already."),
            }.get(where.step, _("You have passed this exam. The practice reply is next."))
        )
    bank = list(module.questions.filter(active=True).order_by("pk").values_list("pk", flat=True))
    if not bank:
        raise Refusal(_("This module has no questions yet. Tell your trainer."))
    seed = secrets.randbelow(2**62)
    attempt = Attempt.objects.create(
        user=by,
        module=module,
        seed=seed,
        questions=draw(bank, module.drawn, seed, last=mine[0].questions if mine else ()),
        begun_at=now(),
    )
    record(by=by, verb="training.begin_exam", subject=attempt, module=module.pk)
    return attempt


@transaction.atomic
def finish_exam(*, by: User, attempt: Attempt, answers: dict[int, list[int]]) -> Attempt:
    """Counts the answers and ends the exam; a pass that completes the module certifies."""
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("module__skill").get(pk=attempt.pk)
    if attempt.user_id != by.pk:
        raise NotAllowed(_("This exam is somebody else's."))
    if attempt.ended_at:
        raise Refusal(_("This exam has ended already."))
    asked = ExamQuestion.objects.in_bulk(attempt.questions)
    attempt.answers = {str(pk): sorted(answers.get(pk, [])) for pk in attempt.questions}
    attempt.right = sum(is_right(asked[pk].choices, answers.get(pk, [])) for pk in attempt.questions if pk in asked)
    attempt.passed = passes(attempt.right, len(attempt.questions), attempt.module.pass_percent)
    attempt.ended_at = now()
    attempt.save()
    record(by=by, verb="training.finish_exam", subject=attempt, module=attempt.module_id)
    if attempt.passed and _complete(by, attempt.module):
        certify(by=None, user=by, module=attempt.module)
    tell("training", user=by.pk)
    return attempt


@transaction.atomic
def submit_practice(*, by: User, task: PracticeTask, text: str) -> Practice:
    """Hands a practice reply to the trainers; nothing of it leaves the house."""
    require(by, "desk.see")
    User.objects.select_for_update().get(pk=by.pk)
    if not text.strip():
        raise Refusal(_("There is no text yet."))
    where = progress_in(by, task.module)
    if where.step == Step.MARKING:
        raise Refusal(_("A trainer is still marking your last reply."))
    if where.step != Step.PRACTICE:
        raise Refusal(_("Pass the exam first, then write the practice reply."))
    made = Practice.objects.create(user=by, task=task, text=text.strip(), submitted_at=now())
    record(by=by, verb="training.submit_practice", subject=made, module=task.module_id)
    tell("training", practice=made.pk)
    return made


def certify(*, by: User | None, user: User, module: Module) -> Certificate:
    """The certificate that a completed module leads to."""
    return grant_certificate(
        by=by,
        user=user,
        skill=module.skill,
        level=module.level,
        months=module.valid_months,
        source=f"{module.title} · {skill_name(module.skill)}",
        channel=module.channel,
    )


def _complete(user: User, module: Module) -> bool:
    """Whether nothing but the exam was missing: there is no practice task, or a trainer passed one before."""
    return progress_in(user, module).standing.practised or not PracticeTask.objects.filter(module=module).exists()
