"""What the rules about second persons may ask about a reply."""

from hilft.base.comparing import changed_share
from hilft.inbox.enums import Direction
from hilft.knowledge.enums import Confidence
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
    answer = draft.source.version.answer if draft.source else None
    current = bool(answer and draft.source and answer.current_id == draft.source.version_id)
    asked = conversation.messages.filter(direction=Direction.IN, deleted_at=None).order_by("-at", "-pk")[:READ]
    facts: dict[str, object] = {
        "purpose": "reply",
        "unchanged": draft.unchanged and current,
        "answer_linked": answer is not None,
        "answer_checked": bool(answer and current and answer.confidence == Confidence.CHECKED),
        "offered": bool(draft.source and draft.source.version.published_at is None),
        "public": draft.public,
        "personal_data": bool(draft.public and personal_data(draft.text)),
        "risks": risks(draft.text),
        "asked_risks": risks("\n".join(message.text for message in asked)),
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
