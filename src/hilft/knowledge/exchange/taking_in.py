"""Takes an export in: all of it or nothing, and the same file again changes nothing."""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.queue import enqueue
from hilft.knowledge.commands import Written, add_question, add_wording, publish_version, write_version
from hilft.knowledge.enums import Origin
from hilft.knowledge.exchange.entries import Damaged, Entry
from hilft.knowledge.exchange.formats import FORMATS
from hilft.knowledge.models import Imported, Question
from hilft.knowledge.rules import missing
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require


class Outcome(StrEnum):
    """What becomes of one entry."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    HELD = "held"
    """Somebody here is writing a version: nothing of theirs is overwritten."""


class Taken(NamedTuple):
    """One entry and what became of it; `complete` says that its answer can be published as it is."""

    entry: Entry
    outcome: Outcome
    complete: bool
    published: bool


def take_in(
    *,
    by: User,
    data: bytes,
    format_: str,
    source: str,
    mapping: Mapping[str, str] | None = None,
    publish: bool = False,
    rehearse: bool = False,
) -> list[Taken]:
    """Takes a file in; `rehearse` does everything and keeps nothing. Raises Damaged before anything is changed.

    `source` names the system the file comes from: with the entry's own key it says which question is meant the next
    time. Answers become versions in progress, or are published where that is wanted and they are complete.
    """
    require(by, "knowledge.publish" if publish else "knowledge.write")
    if format_ not in FORMATS:
        raise Refusal(_("Choose one of the formats."))
    entries = _distinct(FORMATS[format_][1](data, mapping or {}))
    if not entries:
        raise Damaged(1, _("There is no question in this file."))
    with transaction.atomic():
        taken = [_take(by, source or format_, entry, publish=publish) for entry in entries]
        if rehearse:
            transaction.set_rollback(True)
        else:
            enqueue("knowledge.embed")
            record(by=by, verb="knowledge.take_in", subject=by, source=source or format_, entries=len(entries))
    return taken


def _distinct(entries: Iterable[Entry]) -> list[Entry]:
    seen: dict[str, int] = {}
    found = []
    for entry in entries:
        if entry.key in seen:
            raise Damaged(entry.row, _("The id %(key)s stands in row %(row)s already.") % {
                "key": entry.key, "row": seen[entry.key]})  # fmt: skip
        seen[entry.key] = entry.row
        found.append(entry)
    return found


def _take(by: User, source: str, entry: Entry, *, publish: bool) -> Taken:
    digest = hashlib.sha256(msgspec.json.encode(_content(entry))).hexdigest()
    known = Imported.objects.select_related("question__answer").filter(source=source, key=entry.key).first()
    complete = not missing({key: body for key, (body, _short) in entry.texts.items()})
    if known and known.digest == digest:
        return Taken(entry, Outcome.SAME, complete, published=False)
    if known and known.question.answer.versions.in_progress().exclude(note=_note(source)).exists():
        return Taken(entry, Outcome.HELD, complete, published=False)
    question = known.question if known else _made(by, entry)
    for text, language in entry.wordings:
        if text.strip():
            add_wording(by=by, question=question, text=text, language=language, origin=Origin.IMPORT)
    published = False
    if entry.texts and _says_otherwise(question, entry):
        texts = {key: Written(*text) for key, text in entry.texts.items()}
        version = write_version(by=by, question=question, texts=texts, note=_note(source))
        if publish and complete:
            publish_version(by=by, version=version)
            published = True
    Imported.objects.update_or_create(source=source, key=entry.key, defaults={"question": question, "digest": digest})
    return Taken(entry, Outcome.CHANGED if known else Outcome.NEW, complete, published)


def _made(by: User, entry: Entry) -> Question:
    return add_question(by=by, title=entry.title, title_en=entry.title_en, topic=entry.topic or _("Imported"))


def _says_otherwise(question: Question, entry: Entry) -> bool:
    question.answer.refresh_from_db()
    current = question.answer.current
    standing = {(t.language, t.address): (t.body, t.short) for t in current.texts.all()} if current else {}
    return standing != {key: (body.strip(), short.strip()) for key, (body, short) in entry.texts.items()}


def _note(source: str) -> str:
    return f"Import: {source}"


def _content(entry: Entry) -> list[object]:
    texts = sorted((*key, *text) for key, text in entry.texts.items())
    return [entry.title, entry.title_en, entry.topic, entry.wordings, texts]
