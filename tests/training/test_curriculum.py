"""The curriculum that comes along: whole, in both languages, loaded once, and in Sie."""

import re
import tomllib
from typing import Any

import pytest

from hilft.audit.models import Entry
from hilft.people.models import Skill
from hilft.training.commands.loading import FOLDER, load_curriculum
from hilft.training.models import ExamQuestion, Lesson, Module, PracticeTask
from hilft.training.queries import curriculum, needs_of
from tests import factories

FILES = sorted(path.name for path in FOLDER.glob("*.toml") if path.name != "roles.toml")
DU = re.compile(r"\b(du|dich|dir|dein\w{0,2}|kannst|musst|solltest)\b", re.IGNORECASE)
QUOTED = re.compile(r"„[^“]*“")


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def texts(node: Any) -> list[tuple[str, str]]:
    """Every pair of a German text and its English in a file."""
    if isinstance(node, list):
        return [pair for one in node for pair in texts(one)]
    if not isinstance(node, dict):
        return []
    pairs = [(node["de"], node.get("en", ""))] if "de" in node else []
    pairs += [(node[key.removesuffix("_en")], node[key]) for key in node if key.endswith("_en")]
    return pairs + [pair for value in node.values() for pair in texts(value)]


@pytest.mark.parametrize("name", FILES)
def test_each_module_is_whole_and_in_both_languages(name: str):
    file = read(name)
    assert len(file["lesson"]) in range(2, 5)
    assert len(file["question"]) >= 8
    assert all(sum(choice["right"] for choice in question["choices"]) >= 1 for question in file["question"])
    assert all(f"{field}_en" in lesson for lesson in file["lesson"] for field in ("title", "text"))
    assert all(f"{field}_en" in one for one in file["question"] for field in ("text", "explanation"))
    assert len(file["task"]["criteria"]) >= 3
    assert [pair for pair in texts(file) if not all(pair)] == []


@pytest.mark.parametrize("name", FILES)
def test_lessons_say_sie(name: str):
    """What is quoted, and the word du where it is the subject of a lesson, aside."""
    said = [lesson["text"] for lesson in read(name)["lesson"]]
    found = [match.group() for text in said for match in DU.finditer(QUOTED.sub("", text))]
    assert [word for word in found if word.lower() != "du"] == []


@pytest.mark.django_db
def test_it_is_loaded_once_and_editable_from_then_on():
    assert load_curriculum() == 7
    Module.objects.filter(key="recht").update(title="Unser Recht")
    assert load_curriculum() == 0
    assert Module.objects.get(key="recht").title == "Unser Recht"
    counts = [model.objects.count() for model in (Skill, Lesson, ExamQuestion, PracticeTask)]
    assert counts == [7, 18, 56, 7]
    assert Entry.objects.filter(verb="training.save_module", actor=None).count() == 7


@pytest.mark.django_db
def test_an_agents_curriculum_follows_from_the_role():
    load_curriculum()
    agent, approver = factories.staff("agent"), factories.staff("approver")
    needed = {user: [one.module.key for one in curriculum(user) if one.needed] for user in (agent, approver)}
    assert needed[agent] == ["plattformen", "schreiben", "datenschutz", "deeskalation", "barrierefreiheit"]
    assert set(needed[approver]) - set(needed[agent]) == {"recht"}
    assert set(needs_of(["lead"]).values()) == {1, 2, 3}
