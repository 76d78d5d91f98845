"""What the rules about second persons may ask about a reply."""

from hilft.base.comparing import changed_share
from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation
from hilft.knowledge.enums import Confidence
from hilft.knowledge.models import Answer
from hilft.people.certificates import certified
from hilft.people.enums import Gate
from hilft.publishing.models import Draft
from hilft.reading.privacy import personal_data
from hilft.reading.risk import risks

READ = 3
"""So many of the customer's latest messages say what the matter is about."""


def facts_of(draft: Draft) -> dict[str, object]:
    """Facts by the names of `approvals.rules.FACTS`; `changed_share` is missing where no answer was inserted."""
    conversation = draft.conversation
    current = _current_answer(draft)
    facts: dict[str, object] = {
        "purpose": "reply",
        "unchanged": draft.unchanged and current is not None,
        "answer_linked": draft.source is not None,
        "answer_checked": current is not None and current.confidence == Confidence.CHECKED,
        "offered": bool(draft.source and draft.source.version.published_at is None),
        "public": draft.public,
        "personal_data": bool(draft.public and personal_kinds(draft)),
        "risks": risks(draft.text),
        "asked_risks": risks(asked_text(conversation)),
        "channel": conversation.account.kind,
        "language": conversation.language,
        "topic": conversation.topic,
        "by_hand": draft.by_hand,
        "machine": False,
        "uncertified": not certified(draft.author, Gate.DRAFT, conversation.account.kind),
    }
    if draft.rendering:
        facts["changed_share"] = changed_share(draft.rendering, draft.text)
    return facts


def asked_text(conversation: Conversation) -> str:
    """What the matter is about, in the customer's latest words."""
    asked = conversation.messages.filter(direction=Direction.IN, deleted_at=None).order_by("-at", "-pk")[:READ]
    return "\n".join(message.text for message in asked)


def personal_kinds(draft: Draft) -> list[str]:
    """The kinds of personal data in the text, sorted; what a validated answer says itself (our hotline) is none."""
    found, answer = _pieces(draft.text), _current_answer(draft)
    known = _pieces(draft.rendering) if found and answer and answer.confidence == Confidence.CHECKED else []
    return sorted({kind for kind, piece in found if (kind, piece) not in known})


def _pieces(text: str) -> list[tuple[str, str]]:
    return [(found.kind, text[found.start : found.end]) for found in personal_data(text)]


def _current_answer(draft: Draft) -> Answer | None:
    """The answer that the draft was made from, if what was inserted is still what it says."""
    version = draft.source.version if draft.source else None
    return version.answer if version and version.answer.current_id == version.pk else None
