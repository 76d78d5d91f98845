"""A delivery as its network's adapter is to publish it."""

from hilft.base.enums import Language
from hilft.channels.contract import Outgoing, Ref
from hilft.channels.models import Account
from hilft.inbox.enums import Direction
from hilft.inbox.models import Message
from hilft.publishing.models import Delivery
from hilft.publishing.places import person_of


def outgoing_of(delivery: Delivery) -> Outgoing:
    """What the adapter is to publish: the same for every attempt."""
    conversation = delivery.conversation
    reply_to = delivery.reply_to
    root = None
    if reply_to and reply_to.root:
        root = Ref(**reply_to.root)
    earlier = list(
        Message.objects.filter(conversation=conversation, external_id__isnull=False)
        .exclude(direction=Direction.NOTE)
        .filter(at__lte=delivery.created_at)
        .order_by("at", "pk")
        .values_list("external_id", flat=True)
    )
    return Outgoing(
        idempotency=delivery.idempotency.hex,
        text=delivery.text,
        to=person_of(conversation),
        public=delivery.public,
        parent=ref_of(delivery.account, reply_to.external_id, reply_to.external_version)
        if reply_to and reply_to.external_id
        else None,
        root=root,
        subject=conversation.subject,
        references=tuple(id_ for id_ in earlier[-10:] if id_),
        language=conversation.language if conversation.language in Language.values else "",
        begun_at=delivery.begun_at,
        left_at=delivery.left_at,
    )


def ref_of(account: Account, external_id: str, version: str | None) -> Ref:
    """A thing of an account on its network."""
    return Ref(channel=account.kind, account=str(account.pk), id=external_id, version=version or None)
