"""Changing what is taught: modules, lessons, questions, practice tasks, and what roles need."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.people.errors import Refusal
from hilft.people.models import Skill, User
from hilft.people.queries import require
from hilft.training.media import MEGABYTE, MOST, type_of
from hilft.training.models import ExamQuestion, Lesson, Media, Module, Need, PracticeTask, RoleProfile

Texts = Mapping[str, Any]


@transaction.atomic
def save_module(*, by: User | None, module: Module | None, skill: Skill, **fields: Any) -> Module:
    """Adds a module or changes one; what people have begun goes on by what holds then."""
    _may(by)
    module = module or Module(key=fields.pop("key", "") or _free_key(fields["title"]))
    module.skill = skill
    return _saved(by, module, fields, verb="training.save_module")


@transaction.atomic
def save_lesson(*, by: User | None, module: Module, lesson: Lesson | None, **fields: Any) -> Lesson:
    """Adds a lesson or changes one; who has read it need not read it again."""
    _may(by)
    return _saved(by, lesson or Lesson(module=module), fields, verb="training.save_lesson")


@transaction.atomic
def delete_lesson(*, by: User, lesson: Lesson) -> None:
    """Takes a lesson out for good."""
    _may(by)
    record(by=by, verb="training.delete_lesson", subject=lesson, title=lesson.title)
    Lesson.objects.filter(pk=lesson.pk).delete()


@transaction.atomic
def add_media(*, by: User, lesson: Lesson, content: bytes, alt: str, alt_en: str = "") -> Media:
    """Adds a picture, sound or film; refuses what is none by its content, what is too large, and one without words."""
    _may(by)
    found = type_of(content)
    if not found:
        raise Refusal(_("This is no picture, sound or film that is shown here: PNG, JPEG, GIF, WebP, MP3, MP4 …"))
    most = MOST[found.partition("/")[0]]
    if len(content) > most:
        raise Refusal(_("This file is too large: at most %(n)s MB.") % {"n": most // MEGABYTE})
    if not alt.strip():
        raise Refusal(_("Say in words what it shows, for those who do not see or hear it."))
    made = Media.objects.create(lesson=lesson, type=found, content=content, alt=alt.strip(), alt_en=alt_en.strip())
    record(by=by, verb="training.add_media", subject=lesson, media=made.pk, type=found, size=len(content))
    return made


@transaction.atomic
def delete_media(*, by: User, media: Media) -> None:
    """Takes it out for good."""
    _may(by)
    record(by=by, verb="training.delete_media", subject=media.lesson, media=media.pk, alt=media.alt)
    Media.objects.filter(pk=media.pk).delete()


@transaction.atomic
def save_question(
    *, by: User | None, module: Module, question: ExamQuestion | None, choices: Sequence[Texts], **fields: Any
) -> ExamQuestion:
    """Adds a question to the bank or changes one; to take one out, make it inactive: old exams keep showing it."""
    _may(by)
    kept = [
        {"de": choice["de"].strip(), "en": choice.get("en", "").strip(), "right": bool(choice["right"])}
        for choice in choices
        if choice["de"].strip()
    ]
    if len(kept) < 2 or not any(choice["right"] for choice in kept):
        raise Refusal(_("A question needs at least two choices, and one of them right."))
    return _saved(
        by, question or ExamQuestion(module=module), fields | {"choices": kept}, verb="training.save_question"
    )


@transaction.atomic
def save_task(*, by: User | None, module: Module, criteria: Sequence[Texts], **fields: Any) -> PracticeTask:
    """Gives a module its practice task, or changes it."""
    _may(by)
    kept = [{"de": one["de"].strip(), "en": one.get("en", "").strip()} for one in criteria if one["de"].strip()]
    if not kept:
        raise Refusal(_("Say at least one thing that a good reply has."))
    task = PracticeTask.objects.filter(module=module).first() or PracticeTask(module=module)
    return _saved(by, task, fields | {"criteria": kept}, verb="training.save_task")


@transaction.atomic
def save_profile(*, by: User | None, role: str, needs: Mapping[str, int], **fields: Any) -> RoleProfile:
    """Describes a role: its tasks, and which skills it needs at which level (0 for none)."""
    if by:
        require(by, "role.describe")
    profile = RoleProfile.objects.filter(role=role).first() or RoleProfile(role=role)
    _saved(by, profile, fields, verb="training.save_profile")
    skills = {skill.key: skill for skill in Skill.objects.filter(key__in=needs)}
    Need.objects.filter(profile=profile, skill__retired_at=None).delete()
    Need.objects.bulk_create(
        Need(profile=profile, skill=skills[key], level=level) for key, level in needs.items() if level and key in skills
    )
    return profile


def _may(by: User | None) -> None:
    if by:
        require(by, "training.teach")


def _saved[M: (Module, Lesson, ExamQuestion, PracticeTask, RoleProfile)](
    by: User | None, made: M, fields: Mapping[str, Any], *, verb: str
) -> M:
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    record(by=by, verb=verb, subject=made)
    return made


def _free_key(title: str) -> str:
    key = slugify(title)[:40] or "modul"
    taken = Module.objects.filter(key__startswith=key).count()
    return f"{key}-{taken + 1}" if taken else key
