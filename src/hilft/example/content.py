"""The example workspace's texts, read: hosted questions, staff, and the phone notes of the first day."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from hilft.practice.repertoire import Customer, Question, hosted, texts
from hilft.practice.voice import DU, SIE, form_of

FOLDER = Path(__file__).parent / "content"
QUESTIONS = FOLDER / "questions"

SHORT_LIMIT = 230  # characters; leaves room for a handle and a mark within 300 graphemes
BODY_WORDS = range(60, 161)
WORDINGS = 12
WORDINGS_EN = 6

_DU_IMPERATIVE = re.compile(
    r"(?:^|[.!?:] |\d\. |[-–] )(?:\*\*)?(Starte|Prüfe|Öffne|Melde|Schreibe?|Schicke?|Gib|Nimm|Wähle|Tippe|Warte"
    r"|Ziehe?|Stecke?|Schalte|Rufe?|Sage?|Lege?|Lies|Geh|Probiere?|Teste|Nutze|Lade|Achte|Denke?)\b(?! Sie\b)",
    re.MULTILINE,
)
_FILM_NUMBER = re.compile(r"^\+49(3023125|4066969|6990009|2214710|8999998)\d{3}$")
"""Numbers that are never assigned: Bundesnetzagentur, Mitteilung 148/2021, Amtsblatt 7/2021 (read 2026-11-24)."""
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")

Role = Literal["agent", "approver", "editor", "lead", "operator", "trainer"]


class AnswerText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wording of an answer: Markdown for the community, plain sentences for tight networks."""

    body: str
    short: str


class QuestionContent(Question, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A hosted question as people ask it, and its answer in each form of address."""

    title: str
    sie: AnswerText
    du: AnswerText
    title_en: str = ""
    en: AnswerText | None = None


class Team(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A team of the desk."""

    slug: str
    name: str
    name_en: str


class StaffMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person who works on the desk; who is `new` has proven nothing yet."""

    name: str
    email: str
    team: str
    roles: list[Role]
    form_of_address: Literal["sie", "du"] = "sie"
    new: bool = False


class Staff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Both teams and everybody in them."""

    team: list[Team]
    member: list[StaffMember]


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phone note of the first day; numbers are E.164, `call_back_hours` counts from the start."""

    name: str
    number: str
    text: str
    form: Literal["sie", "du"]
    also: str = ""
    call_back: str = ""
    call_back_hours: int = 0


class _CallFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    call: list[Call]


@cache
def questions() -> list[QuestionContent]:
    """All hosted questions in order of file name and position; raises ValueError naming a broken file."""
    return hosted(QUESTIONS, QuestionContent)


@cache
def staff() -> Staff:
    """The two teams and the people in them."""
    return texts(FOLDER / "staff.toml", Staff)


@cache
def calls() -> list[Call]:
    """The phone notes that wait when the workspace begins."""
    return texts(FOLDER / "calls.toml", _CallFile).call


def plain(text: str) -> str:
    """A text reduced to its words, so that punctuation and case do not hide a repetition."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def question_problems(questions: list[QuestionContent]) -> list[str]:
    """Every problem found in the hosted questions, one sentence each; empty when all is well."""
    found = [f"{slug}: the slug is used twice" for slug, n in Counter(q.slug for q in questions).items() if n > 1]
    for question in questions:
        found += [f"{question.slug}: {problem}" for problem in _problems_of(question)]
    seen: dict[str, str] = {}
    for question in questions:
        for wording in question.wordings + question.wordings_en:
            other = seen.setdefault(plain(wording), question.slug)
            if seen[plain(wording)] != question.slug:
                found.append(f"{question.slug}: “{wording}” is also a wording of {other}")
        if len({plain(w) for w in question.wordings}) < len(question.wordings):
            found.append(f"{question.slug}: a wording is there twice")
    return found


def _problems_of(question: QuestionContent) -> Iterator[str]:
    if not _SLUG.match(question.slug):
        yield "the slug is not lower case words with hyphens"
    if not question.title.endswith(("?", ".")):
        yield "the title ends without a question mark"
    if DU.search(question.title) or SIE.search(question.title):
        yield "the title addresses somebody"
    if len(question.wordings) < WORDINGS:
        yield f"only {len(question.wordings)} wordings"
    yield from _answer_problems("sie", question.sie)
    yield from _answer_problems("du", question.du)
    yield from _address_problems(question)
    if question.en is not None:
        if not question.title_en:
            yield "an English answer without an English title"
        if len(question.wordings_en) < WORDINGS_EN:
            yield f"only {len(question.wordings_en)} English wordings"
        yield from _answer_problems("en", question.en)


def _answer_problems(form: str, answer: AnswerText) -> Iterator[str]:
    words = len(answer.body.split())
    if words not in BODY_WORDS:
        yield f"{form}: the answer has {words} words"
    if len(answer.short) > SHORT_LIMIT:
        yield f"{form}: the short answer has {len(answer.short)} characters"
    if not answer.short.rstrip().endswith((".", "!", "?")):
        yield f"{form}: the short answer ends in mid-sentence"
    if re.search(r"https?://|[*_`\[\]#]|\n", answer.short.strip()):
        yield f"{form}: the short answer is not plain text on one line"
    for link in re.findall(r"https?://([^/\s)]+)", answer.body):
        if link != "nordnetz.example":
            yield f"{form}: a link leads to {link}"


def _address_problems(question: QuestionContent) -> Iterator[str]:
    for text in (question.sie.body, question.sie.short):
        if familiar := DU.search(text) or _DU_IMPERATIVE.search(text):
            yield f"sie: “{familiar.group(0).strip()}” is a du form"
    for text in (question.du.body, question.du.short):
        if formal := SIE.search(text):
            yield f"du: “{formal.group(0)}” is a Sie form"


def call_problems(calls: list[Call]) -> list[str]:
    """Problems of the invented calls: numbers that may belong to somebody, and words in another form of address."""
    numbers = [(call.name, number) for call in calls for number in (call.number, call.call_back) if number]
    found = [f"{name}: {number} may belong to somebody" for name, number in numbers if not _FILM_NUMBER.match(number)]
    return found + [f"{call.name}: addresses us by {form_of(call.text)}" for call in calls if _other_form(call)]


def _other_form(call: Call) -> bool:
    return form_of(call.text) not in {None, call.form}


def people_problems(customers: list[Customer], staff: Staff) -> list[str]:
    """Problems of the invented people: handles and addresses used twice or not reserved for fiction."""
    found = []
    for label, values in (
        ("handle", [c.handle for c in customers]),
        ("address", [c.mail for c in customers] + [m.email for m in staff.member]),
    ):
        found += [f"{label} {value} is used twice" for value, n in Counter(values).items() if n > 1]
    found += [f"{c.handle}: not a Mastodon name" for c in customers if not re.fullmatch(r"[a-z0-9_]{3,30}", c.handle)]
    found += [f"{c.mail}: not a fictional domain" for c in customers if not c.mail.endswith(".example")]
    teams = {team.slug for team in staff.team}
    found += [f"{m.name}: no team {m.team}" for m in staff.member if m.team not in teams]
    found += [f"{m.email}: not ours" for m in staff.member if not m.email.endswith("@nordnetz.example")]
    return found
