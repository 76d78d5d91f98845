"""What the editor's pages show: the list, one question with all that hangs on it, and a version being written."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from hilft.approvals.rules import digest
from hilft.desk.frame import StaffRequest, page_of
from hilft.desk.knowledge.forms import KEYS, AnswerForm, QuestionForm, StateForm, WordingForm
from hilft.desk.knowledge.previews import Preview, previews, room
from hilft.knowledge.causes.queries import read
from hilft.knowledge.enums import Confidence
from hilft.knowledge.models import Question, Text, Version
from hilft.knowledge.queries import (
    moves_of,
    questions_for_editors,
    removed_wordings,
    topics,
    version_in_progress,
    versions_of,
    votes_of,
    wordings_of,
)
from hilft.people.rules import may
from hilft.publishing.enums import PlacementState
from hilft.publishing.groups import waiting_on
from hilft.publishing.placements import placements_by_state
from hilft.publishing.queries import corrections_of


@dataclass(frozen=True)
class Part:
    """One language and form of address of a version, or of two to be compared."""

    name: str
    label: str
    text: Text | None
    before: Text | None = None


def list_context(request: HttpRequest) -> dict[str, object]:
    """A page of questions, narrowed by words, topic and state."""
    search, topic = request.GET.get("q", "").strip(), request.GET.get("topic", "")
    state = request.GET.get("state", "")
    state = state if state in Confidence.values else ""
    return {
        "view": "questions",
        "page": page_of(request, questions_for_editors(search=search, topic=topic, state=state)),
        "q": search,
        "topic": topic,
        "state": state,
        "topics": topics(),
        "states": Confidence.choices,
        "narrowed": bool(search or topic or state),
    }


def question_context(request: StaffRequest, question: Question) -> dict[str, object]:
    """One question: its answer, the ways it is asked, its history, and what was made from it."""
    user = request.user
    versions = list(versions_of(question))
    current = next((v for v in versions if v.pk == question.answer.current_id), None)
    by_state = placements_by_state(question)
    shown = request.GET.get("text", "")
    return {
        "view": "questions",
        "question": question,
        "current": current,
        "progress": next((v for v in versions if v.published_at is None and v.offered_at is None), None),
        "offers": [v for v in versions if v.offered_at and not v.published_at and not v.closed_at],
        "parts": parts_of(current),
        "shown": _shown(parts_of(current), shown),
        "versions": versions,
        "causes": read(getattr(question, "causes", None)),
        "wordings": list(wordings_of(question)),
        "removed": removed_wordings(question),
        "placements": [(state, PlacementState(state).label, n) for state, n in sorted(by_state.items())],
        "placed": sum(by_state.values()),
        "waiting": waiting_on(question).count(),
        "corrections": corrections_of(question),
        "moves": moves_of(question),
        "votes": votes_of(question),
        "topics": topics(),
        "title_form": QuestionForm(
            initial={"title": question.title, "title_en": question.title_en, "topic": question.topic}
        ),
        "state_form": StateForm(
            initial={"confidence": question.answer.confidence, "audience": question.answer.audience}
        ),
        "wording_form": WordingForm(auto_id="wording-%s"),
        "edits": may(user, "knowledge.write"),
        "words": may(user, "wording.add"),
        **_comparison(request, versions),
    }


def edit_context(question: Question, form: AnswerForm, *, texts: Any = None) -> dict[str, object]:
    """The editor: fields, previews beside them, and how long a short text may be."""
    written = texts or form.texts()
    return {
        "view": "questions",
        "question": question,
        "form": form,
        "fields": [
            (name, label, body, short, room(KEYS[name][0][0], question), _previews(name, written, question))
            for name, label, body, short in form.parts()
        ],
    }


def preview_context(question: Question, form: AnswerForm) -> dict[str, object]:
    """Only the previews, while somebody types."""
    written = form.texts()
    return {"previews": [(name, _previews(name, written, question)) for name in KEYS]}


def fingerprint(version: Version | None) -> str:
    """Changes with every text of a version; tells that somebody else wrote meanwhile."""
    if version is None:
        return ""
    return digest(version.pk, *(f"{t.language}{t.address}{t.body}\n{t.short}" for t in version.texts.all()))


def parts_of(version: Version | None, before: Version | None = None) -> list[Part]:
    """A version's texts in the order of the tabs; those that neither version has are left out."""
    texts = {(t.language, t.address): t for t in version.texts.all()} if version else {}
    older = {(t.language, t.address): t for t in before.texts.all()} if before else {}
    return [
        Part(name, str(label), texts.get(key), older.get(key))
        for name, (key, label) in KEYS.items()
        if key in texts or key in older
    ]


def current_and_progress(question: Question) -> tuple[Version | None, Version | None]:
    """The version that holds and the one being written, with their texts."""
    current = versions_of(question).filter(pk=question.answer.current_id or 0).first()
    return current, version_in_progress(question)


def _shown(parts: list[Part], name: str) -> Part | None:
    return next((p for p in parts if p.name == name), parts[0] if parts else None)


def _previews(name: str, written: Any, question: Question) -> list[Preview]:
    key = KEYS[name][0]
    return previews(key, written[key], question)


def _comparison(request: HttpRequest, versions: list[Version]) -> dict[str, object]:
    """Two versions side by side: the chosen ones, else the newest and the one before."""
    by_number = {str(v.number): v for v in versions}
    newer = by_number.get(request.GET.get("new", ""), versions[0] if versions else None)
    older = by_number.get(request.GET.get("old", ""), versions[1] if len(versions) > 1 else None)
    if newer is None or older is None or newer.pk == older.pk:
        return {"newer": None, "older": None, "compared": []}
    return {"newer": newer, "older": older, "compared": parts_of(newer, older)}
