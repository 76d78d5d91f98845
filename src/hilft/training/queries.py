"""What screens and commands ask about modules, progress and what waits for a trainer."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Prefetch, Q, QuerySet

from hilft.base.clock import now
from hilft.people.council import is_agreed
from hilft.people.models import Certificate, Requirement, Skill, User
from hilft.people.queries import require
from hilft.people.rules import may
from hilft.training.enums import Step
from hilft.training.models import (
    Attempt,
    ExamQuestion,
    Lesson,
    Media,
    Module,
    Need,
    Practice,
    PracticeTask,
    Reading,
    RoleProfile,
)
from hilft.training.rules import Standing, step


class Progress(NamedTuple):
    """One module with how far somebody has come in it."""

    module: Module
    read: int
    lessons: int
    standing: Standing
    step: Step
    needed: bool

    @property
    def again_at(self) -> datetime | None:
        """When a failed exam can be tried again."""
        at = self.standing.exam_at
        return at + timedelta(hours=self.module.retry_hours) if at and self.step == Step.LATER else None


def modules() -> QuerySet[Module]:
    """What is taught now, in its order."""
    taught = Module.objects.filter(active=True, skill__retired_at=None)
    return taught.select_related("skill", "task").order_by("position", "pk")


def every_module() -> QuerySet[Module]:
    """All modules, paused ones too."""
    return Module.objects.select_related("skill", "task").order_by("position", "pk")


def curriculum(user: User) -> list[Progress]:
    """All modules for one person: those that their roles need first, then what they may learn besides."""
    needs = needs_of(user.roles)
    found = progress(user, modules())
    return sorted(
        (one._replace(needed=one.module.level <= needs.get(one.module.skill_id, 0)) for one in found),
        key=lambda one: (not one.needed, one.module.position, one.module.pk),
    )


def needs_of(roles: Collection[str]) -> dict[int, int]:
    """Skill → the highest level that one of these roles needs."""
    needs: dict[int, int] = defaultdict(int)
    asked = Need.objects.filter(profile__role__in=list(roles), skill__retired_at=None)
    for skill, level in asked.values_list("skill", "level"):
        needs[skill] = max(needs[skill], level)
    return dict(needs)


def progress(user: User, found: Iterable[Module]) -> list[Progress]:
    """How far somebody has come in each of these modules."""
    taught, at = list(found), now()
    lessons: dict[int, set[int]] = defaultdict(set)
    for lesson, home in Lesson.objects.filter(module__in=taught).values_list("pk", "module"):
        lessons[home].add(lesson)
    read = set(Reading.objects.filter(user=user).values_list("lesson", flat=True))
    exams: dict[int, list[Attempt]] = defaultdict(list)
    for exam in Attempt.objects.filter(user=user, ended_at__isnull=False).order_by("pk"):
        exams[exam.module_id].append(exam)
    replies: dict[int, list[Practice]] = defaultdict(list)
    for reply in Practice.objects.filter(user=user).select_related("task").order_by("pk"):
        replies[reply.task.module_id].append(reply)
    held = list(Certificate.objects.filter(user=user).order_by("granted_at", "pk"))
    rows = []
    for module in taught:
        own = [one for one in held if _proves(one, module)]
        unread = len(lessons[module.pk] - read)
        standing = _standing(unread, exams[module.pk], replies[module.pk], own, at)
        following = step(standing, has_task=hasattr(module, "task"), retry=timedelta(hours=module.retry_hours), at=at)
        total = len(lessons[module.pk])
        rows.append(Progress(module, total - unread, total, standing, following, needed=False))
    return rows


def progress_in(user: User, module: Module) -> Progress:
    """How far somebody has come in one module."""
    return progress(user, [module])[0]


def lessons_of(module: Module, user: User) -> list[tuple[Lesson, bool]]:
    """A module's lessons in their order, each with whether this person has read it."""
    read = set(Reading.objects.filter(user=user, lesson__module=module).values_list("lesson", flat=True))
    return [(lesson, lesson.pk in read) for lesson in module.lessons.order_by("position", "pk")]


def media_of(lesson: Lesson) -> QuerySet[Media]:
    """What is shown with a lesson, without its bytes."""
    return lesson.media.defer("content").order_by("pk")


def exams_of(user: User, module: Module) -> QuerySet[Attempt]:
    """Somebody's exams in a module, the newest first."""
    return Attempt.objects.filter(user=user, module=module).order_by("-pk")


def practices_of(user: User, module: Module) -> QuerySet[Practice]:
    """Somebody's practice replies in a module, the newest first."""
    found = Practice.objects.filter(user=user, task__module=module)
    return found.select_related("marked_by", "task__module").order_by("-pk")


def access_exam(user: User, pk: int) -> Attempt:
    """One exam, for the person who takes it; for trainers, unless their works council agreed otherwise."""
    own = Q() if may(user, "training.teach") and not is_agreed() else Q(user=user)
    return Attempt.objects.select_related("module__skill", "user").get(own, pk=pk)


def to_mark(user: User) -> QuerySet[Practice]:
    """Replies that wait for a trainer, the oldest first."""
    require(user, "training.teach")
    found = Practice.objects.filter(passed=None).select_related("user", "task__module")
    return found.order_by("submitted_at", "pk")


def access_practice(user: User, pk: int) -> Practice:
    """One practice reply, for trainers."""
    require(user, "training.teach")
    return Practice.objects.select_related("user", "task__module__skill", "marked_by").get(pk=pk)


def questions_of(module: Module) -> QuerySet[ExamQuestion]:
    """A module's bank, in the order in which it was written."""
    return module.questions.order_by("pk")


def profiles() -> QuerySet[RoleProfile]:
    """What each role does and needs."""
    needs = Need.objects.filter(skill__retired_at=None).select_related("skill").order_by("skill__name", "pk")
    return RoleProfile.objects.prefetch_related(Prefetch("needs", needs)).order_by("pk")


def module_for(skills: Collection[str]) -> Module | None:
    """The first module that teaches one of these skills."""
    return modules().filter(skill__key__in=skills).first()


def modules_by_skill() -> dict[int, list[Module]]:
    """Skill → the modules that prove it."""
    found: dict[int, list[Module]] = defaultdict(list)
    for module in modules():
        found[module.skill_id].append(module)
    return dict(found)


def skills_in_use() -> list[tuple[Skill, int, int, int]]:
    """Every skill, retired ones last, with how many roles need it, modules teach it and requirements ask for it."""
    roles = dict(Need.objects.order_by("skill").values_list("skill").annotate(n=Count("pk")))
    taught = dict(Module.objects.order_by("skill").values_list("skill").annotate(n=Count("pk")))
    required = dict(Requirement.objects.order_by("skill").values_list("skill").annotate(n=Count("pk")))
    found = Skill.objects.order_by(F("retired_at").asc(nulls_first=True), "name", "pk")
    return [(one, roles.get(one.pk, 0), taught.get(one.pk, 0), required.get(one.pk, 0)) for one in found]


def task_of(module: Module) -> PracticeTask | None:
    """The module's practice task, if it has one."""
    return PracticeTask.objects.filter(module=module).first()


def _proves(certificate: Certificate, module: Module) -> bool:
    return (certificate.skill_id, certificate.channel) == (module.skill_id, module.channel) and (
        certificate.level >= module.level
    )


def _standing(
    unread: int, exams: list[Attempt], replies: list[Practice], held: list[Certificate], at: datetime
) -> Standing:
    since = max((one.revoked_at for one in held if one.revoked_at), default=None)
    exams = [exam for exam in exams if since is None or (exam.ended_at and exam.ended_at > since)]
    replies = [reply for reply in replies if since is None or reply.submitted_at > since]
    valid = [one for one in held if one.valid(at)]
    unrevoked = [one.granted_at for one in held if one.revoked_at is None]
    forever = any(one.expires_at is None for one in valid)
    return Standing(
        unread=unread,
        exam_passed=exams[-1].passed if exams else None,
        exam_at=exams[-1].ended_at if exams else None,
        practice_waits=any(reply.passed is None for reply in replies),
        practised=any(reply.passed for reply in replies),
        certified=bool(valid),
        until=None if forever else max((one.expires_at for one in valid if one.expires_at), default=None),
        certified_at=max(unrevoked, default=None),
    )
