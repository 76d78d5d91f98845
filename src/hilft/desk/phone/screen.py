"""What stands beside a call: hosted answers to what was typed so far, and what a note says besides its words."""

from dataclasses import dataclass

from django.http import QueryDict

from hilft.base.enums import Language
from hilft.base.markdown import to_text
from hilft.channels.contract import Unreadable
from hilft.channels.phone.notes import KIND, Note, read
from hilft.inbox.models import Conversation, Message
from hilft.knowledge.enums import Likeness
from hilft.knowledge.matching import graded, suggest
from hilft.knowledge.models import Question, Text
from hilft.people.enums import Form
from hilft.publishing.places import text_for

TYPED = 8
"""Letters from which looking for hosted questions makes sense."""


@dataclass(frozen=True)
class Suggestion:
    """A hosted question that the caller may be asking, with its answer as it is read out to them."""

    question: Question
    likeness: Likeness
    text: Text
    said: str


def suggestion_context(typed: QueryDict) -> dict[str, object]:
    """Hosted questions for what was typed so far, in the caller's language and form of address."""
    words = " ".join(typed.get("text", "").split())
    language, form = typed.get("language", Language.DE), typed.get("form", Form.SIE)
    enough = len(words) >= TYPED
    return {"enough": enough, "suggestions": suggestions(words, language=language, form=form) if enough else []}


def suggestions(words: str, *, language: str, form: str) -> list[Suggestion]:
    """Up to five hosted questions, best first; none where nothing fits."""
    likely = [(ranked.question, word) for ranked, word in graded(suggest(words)) if word != Likeness.NONE]
    found = (
        Question.objects.hosted()
        .select_related("answer__current")
        .prefetch_related("answer__current__texts")
        .in_bulk([pk for pk, _word in likely])
    )
    shown = []
    for pk, word in likely:
        version = found[pk].answer.current if pk in found else None
        if version is not None:
            text = text_for(version, language=language, form=form)
            shown.append(Suggestion(found[pk], word, text, to_text(text.body)))
    return shown


def notes_in(conversation: Conversation) -> dict[int, Note]:
    """The phone notes of a conversation by the message that each became; asks nothing where there can be none."""
    if conversation.account.kind != KIND:
        return {}
    told = Message.objects.filter(conversation=conversation, event__isnull=False, deleted_at=None)
    found: dict[int, Note] = {}
    for pk, body in told.values_list("pk", "event__body"):
        try:
            found[pk] = read(bytes(body))
        except Unreadable:
            continue
    return found
