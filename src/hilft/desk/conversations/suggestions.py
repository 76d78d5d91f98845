"""Hosted questions that may answer a message, as they stand beside the thread and as the composer asks about them."""

from dataclasses import dataclass

from hilft.inbox import queries as inbox
from hilft.inbox.models import Conversation, Judgement, Match, Message
from hilft.knowledge.causes.queries import Named, read
from hilft.knowledge.enums import Likeness
from hilft.knowledge.models import Version, Vote
from hilft.knowledge.proposals import is_usable
from hilft.knowledge.queries import offers
from hilft.people.models import User
from hilft.publishing import places
from hilft.publishing.enums import DraftState
from hilft.publishing.models import Draft
from hilft.publishing.rendering import DoesNotFit


@dataclass(frozen=True)
class Offered:
    """A changed text that waits for a second person; `text` where this person may already make a reply from it."""

    version: Version
    text: str


@dataclass(frozen=True)
class Suggestion:
    """A hosted question beside the thread: what it would say here, how it has done, and what is offered instead."""

    match: Match
    text: str
    problem: bool
    helped: int | None
    offered: Offered | None = None
    causes: tuple[Named, ...] = ()


def suggestions(conversation: Conversation, latest: Message | None, user: User, *, public: bool) -> list[Suggestion]:
    """What is offered for the latest message, each as it would read in this place."""
    matches = inbox.suggestions_for(latest) if latest else []
    waiting = offers([offer for match in matches if (offer := _offer_for(match))])
    votes: dict[int, list[bool]] = {}
    versions = [match.question.answer.current_id for match in matches]
    for version, helped in Vote.objects.filter(version__in=versions).values_list("version", "helped"):
        votes.setdefault(version, []).append(helped)
    found = []
    for match in matches:
        try:
            _text, rendering = places.rendering_for(conversation, match.question, public=public)
            problem = False
        except (DoesNotFit, LookupError):
            rendering, problem = "", True
        said = votes.get(match.question.answer.current_id or 0, [])
        offered = waiting.get(_offer_for(match))
        found.append(
            Suggestion(
                match,
                rendering,
                problem,
                round(100 * sum(said) / len(said)) if len(said) >= 5 else None,
                _offered(conversation, match, offered, user, public=public) if offered else None,
                tuple(read(getattr(match, "causes", None))),
            )
        )
    return found


def _offer_for(match: Match) -> int:
    """The key of a text that was offered for its answer, as the query annotated it; 0 for none."""
    return getattr(match, "offer", None) or 0


def _offered(conversation: Conversation, match: Match, version: Version, user: User, *, public: bool) -> Offered:
    """Their own text is for somebody else to use; a candidate's is for nobody yet."""
    if version.author_id == user.pk or not is_usable(version, version.answer):
        return Offered(version, "")
    try:
        _text, rendering = places.rendering_for(conversation, match.question, public=public, version=version)
    except (DoesNotFit, LookupError):
        return Offered(version, "")
    return Offered(version, rendering)


def unexplained(draft: Draft, offered: list[Suggestion], judgement: Judgement | None) -> Suggestion | None:
    """The confident suggestion that a submitted free text passed over without a word; asked about, never blocking."""
    free = draft.state in {DraftState.WAITING, DraftState.RELEASED} and draft.source is None
    if not free or judgement is not None or not offered or offered[0].match.likeness != Likeness.SURE:
        return None
    return offered[0]
