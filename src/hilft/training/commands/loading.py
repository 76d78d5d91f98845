"""The curriculum that comes along: read from files into an installation that has none, and editable from then on."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from hilft.people.certifying import save_skill
from hilft.people.models import Skill
from hilft.training.commands import editing
from hilft.training.models import Module

FOLDER = Path(__file__).parents[1] / "curriculum"


@transaction.atomic
def load_curriculum() -> int:
    """Loads the modules and role descriptions once; returns how many modules came in."""
    if Module.objects.exists():
        return 0
    shared = _read("roles.toml")
    for skill in shared["skill"]:
        save_skill(by=None, **skill)
    for profile in shared["role"]:
        editing.save_profile(by=None, **profile)
    files = sorted(path.name for path in FOLDER.glob("*.toml") if path.name != "roles.toml")
    for position, name in enumerate(files):
        _module(_read(name), position)
    return len(files)


def _read(name: str) -> dict[str, Any]:
    """One file of the curriculum."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _module(file: dict[str, Any], position: int) -> None:
    lessons, questions, task = file.pop("lesson"), file.pop("question"), file.pop("task", None)
    skill = Skill.objects.get(key=file.pop("skill"))
    module = editing.save_module(by=None, module=None, skill=skill, position=position, **file)
    for number, lesson in enumerate(lessons):
        editing.save_lesson(by=None, module=module, lesson=None, position=number, **lesson)
    for question in questions:
        editing.save_question(by=None, module=module, question=None, **question)
    if task:
        editing.save_task(by=None, module=module, **task)
