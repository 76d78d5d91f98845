"""A reply whose author's certificate ended after it was submitted needs a second person before it leaves."""

from django.db import transaction

from hilft.approvals import commands as approvals
from hilft.approvals.enums import Decision
from hilft.approvals.models import BrokenGlass
from hilft.approvals.queries import approval_of
from hilft.audit.commands import record
from hilft.base.live import tell
from hilft.people.certificates import certified
from hilft.people.enums import Gate
from hilft.publishing.enums import Action, DeliveryState, DraftState
from hilft.publishing.models import SUBJECT_DRAFT, SUBJECT_GROUP, Delivery, Draft
from hilft.publishing.rules import draft_digest, subject_of

RULE = "uncertified"


@transaction.atomic
def hold(*, delivery: Delivery) -> bool:
    """Whether this one, about to leave, is held; what a second person or a broken glass has passed never is.

    One of many becomes a reply of its own.
    """
    draft = delivery.draft
    if draft is None or delivery.action != Action.PUBLISH or delivery.attempts:
        return False
    draft = Draft.objects.select_related("author", "conversation").get(pk=draft.pk)
    if certified(draft.author, Gate.DRAFT, delivery.account.kind) or _passed(draft):
        return False
    delivery.state, delivery.draft = DeliveryState.CANCELLED, None
    delivery.save(update_fields=["state", "draft"])
    draft.state, draft.group, draft.rule = DraftState.WAITING, None, RULE
    draft.facts = (draft.facts or {}) | {"uncertified": True}
    draft.save()
    approvals.ask(by=draft.author, kind=SUBJECT_DRAFT, subject=draft.pk, digest=draft_digest(draft), rule=RULE)
    record(by=None, verb="publishing.hold", subject=draft)
    tell_of(draft)
    return True


def tell_of(draft: Draft) -> None:
    """Pages that show this draft learn of it."""
    tell("approvals", draft=draft.pk)
    tell("inbox", conversation=draft.conversation_id)
    tell(f"conversation-{draft.conversation_id}")


def _passed(draft: Draft) -> bool:
    kind, pk = subject_of(draft)
    approval = approval_of(kind, pk)
    if approval and approval.decision == Decision.APPROVED:
        return kind == SUBJECT_GROUP or approval.digest == draft_digest(draft)
    return BrokenGlass.objects.filter(subject_kind=kind, subject_id=pk, digest=draft_digest(draft)).exists()
