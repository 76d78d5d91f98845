"""Training as tests need it: a module with lessons, a bank whose first choice is right, and a practice task."""

from datetime import timedelta

from hilft.people.certifying import save_skill
from hilft.people.models import User
from hilft.training.commands import editing, learning
from hilft.training.models import Attempt, Lesson, Module, Practice
from tests import factories

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
CRITERIA = [{"de": "Entschuldigt sich", "en": "Apologises"}, {"de": "Nennt die Frist", "en": "Names the deadline"}]


def module(*, bank: int = 6, drawn: int = 3, lessons: int = 2, task: bool = True, **fields: object) -> Module:
    number = next(factories.NUMBER)
    skill = save_skill(by=None, key=f"lern-{number}", name=f"Thema {number}", name_en=f"Subject {number}")
    said = {"title": f"Modul {number}", "title_en": f"Unit {number}", "about": "Worum es geht.", "drawn": drawn}
    made = editing.save_module(by=None, module=None, skill=skill, **(said | fields))
    for place in range(lessons):
        editing.save_lesson(
            by=None, module=made, lesson=None, position=place, title=f"Lektion {place}", text="**Text**"
        )
    for place in range(bank):
        editing.save_question(
            by=None,
            module=made,
            question=None,
            text=f"Frage {place}?",
            explanation=f"Darum {place}.",
            choices=[
                {"de": "richtig", "en": "correct", "right": True},
                {"de": "falsch", "en": "false", "right": False},
            ],
        )
    if task:
        editing.save_task(by=None, module=made, channel="x", customer="Ida", post="Kein Netz!", criteria=CRITERIA)
    return Module.objects.get(pk=made.pk)


def read_all(user: User, found: Module) -> None:
    for lesson in Lesson.objects.filter(module=found).order_by("position"):
        learning.read_lesson(by=user, lesson=lesson)


def examined(user: User, found: Module, *, wrong: int = 0) -> Attempt:
    """An exam with so many wrong answers."""
    attempt = learning.begin_exam(by=user, module=found)
    answers = {pk: [1 if place < wrong else 0] for place, pk in enumerate(attempt.questions)}
    return learning.finish_exam(by=user, attempt=attempt, answers=answers)


def practised(user: User, found: Module) -> Practice:
    """A practice reply that waits for a trainer, with everything before it."""
    read_all(user, found)
    examined(user, found)
    return learning.submit_practice(by=user, task=found.task, text="Das tut mir leid. Bis Freitag.")


def days_pass(user: User, days: int) -> None:
    """What this person did so far happened so many days earlier."""
    for attempt in Attempt.objects.filter(user=user, ended_at__isnull=False):
        Attempt.objects.filter(pk=attempt.pk).update(ended_at=attempt.ended_at - timedelta(days=days))
    for one in user.certificates.all():
        one.granted_at -= timedelta(days=days)
        one.expires_at = one.expires_at and one.expires_at - timedelta(days=days)
        one.save()
