"""What a correction does where, what a draft's approval is bound to, and how long to wait before trying again."""

import json
from datetime import timedelta
from typing import Final

from hilft.approvals.rules import digest
from hilft.channels.contract import Correct
from hilft.publishing.enums import How
from hilft.publishing.models import SUBJECT_DRAFT, SUBJECT_GROUP, Correction, CorrectionItem, Draft, GroupReply

ATTEMPTS: Final = 8
BACK_OFF: Final = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60, 180, 600, 1200, 1800))

HOW: Final[dict[Correct, How]] = {
    Correct.EDIT: How.EDIT,
    Correct.VISIBLE_REPLY: How.VISIBLE_REPLY,
    Correct.FOLLOW_UP: How.FOLLOW_UP,
    Correct.PERSON: How.PERSON,
}


def draft_digest(draft: Draft) -> str:
    """Bound to text, account, recipient, place and visibility: any edit of one of them voids an approval."""
    conversation = draft.conversation
    return digest(
        draft.text, conversation.account_id, conversation.handle_id, draft.reply_to_id, draft.public, draft.source_id
    )


def correction_digest(correction: Correction, items: list[CorrectionItem]) -> str:
    """Bound to every item of the batch: what happens where, with which text."""
    parts = [f"{item.placement_id}:{item.how}:{item.state}:{item.text}" for item in sorted(items, key=lambda i: i.pk)]
    return digest(correction.pk, correction.version_id, *parts)


def subject_of(draft: Draft) -> tuple[str, int]:
    """What a second person decided on to release this draft: itself, or the group it was a part of."""
    return (SUBJECT_GROUP, draft.group_id) if draft.group_id else (SUBJECT_DRAFT, draft.pk)


def group_digest(group: GroupReply, drafts: list[Draft]) -> str:
    """Bound to every reply of the group that waits: its text, account, recipient and place."""
    parts = [f"{draft.pk}:{draft_digest(draft)}" for draft in sorted(drafts, key=lambda draft: draft.pk)]
    said = json.dumps(group.texts, sort_keys=True) if group.cause_id else group.version_id
    return digest(group.pk, said, *parts)


def back_off(attempts: int) -> timedelta:
    """How long to wait after this many attempts."""
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
