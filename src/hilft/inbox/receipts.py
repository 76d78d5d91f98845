"""The receipt for a mail: that it is here, and up to three hosted answers that may solve it already."""

import uuid
from time import perf_counter
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.channels.contract import Outgoing, Person, Ref, RetryLater
from hilft.channels.portal.tokens import link_for, public_url
from hilft.channels.registry import adapter_of
from hilft.inbox.enums import Direction, State
from hilft.inbox.models import Conversation, Message, Receipt
from hilft.inbox.signals import waiting_changed
from hilft.knowledge import selfhelp
from hilft.knowledge.enums import AskingEnd, Likeness
from hilft.knowledge.matching import graded, suggest
from hilft.knowledge.models import Question
from hilft.knowledge.notices import title_of
from hilft.people.errors import Refusal

MOST: Final = 3
SECONDS: Final = 0.15
"""A receipt that would take longer to look for answers leaves without them."""


def is_due(message: Message) -> bool:
    """Whether this message gets a receipt: a person's first mail, where the account sends receipts."""
    conversation = message.conversation
    if not conversation.account.settings.get("receipt") or message.automatic or conversation.public:
        return False
    return not conversation.messages.exclude(pk=message.pk).exists()


@transaction.atomic
def write(message: Message) -> Receipt:
    """Decides once what the receipt shows; a share of the askers is shown nothing, as on the portal."""
    known = Receipt.objects.filter(message=message).first()
    if known:
        return known
    found = _fitting(f"{message.subject}\n{message.text}".strip())
    key = uuid.uuid4()
    if found:
        held_out = selfhelp.begin(key).held_out
        selfhelp.end(key, AskingEnd.ASKED)
        found = [] if held_out else found
    return Receipt.objects.create(message=message, key=key, questions=found)


def send(receipt: Receipt) -> None:
    """Sends it at most once: tried again only when it certainly did not leave."""
    if not Receipt.objects.filter(pk=receipt.pk, left_at=None).update(left_at=now()):
        return
    message = receipt.message
    account, handle = message.conversation.account, message.conversation.handle
    try:
        adapter_of(account).publish(
            Outgoing(
                idempotency=receipt.key.hex,
                text=text_of(receipt),
                to=Person(id=handle.external_id, handle=handle.handle, name=handle.name),
                public=False,
                parent=Ref(channel=account.kind, account=str(account.pk), id=message.external_id or ""),
                subject=message.subject,
                language=_language(message),
                automatic=True,
            )
        )
    except RetryLater:
        Receipt.objects.filter(pk=receipt.pk).update(left_at=None)
        raise


def text_of(receipt: Receipt) -> str:
    """The mail's words, in the language of its reader."""
    language = _language(receipt.message)
    questions = questions_of(receipt)
    with translation.override(language):
        parts = [_("Hello,\n\nyour mail has reached us. A person of our team will answer it.")]
        if questions:
            listed = "\n\n".join(
                f"{title_of(question, language)}\n{public_url('question', question.slug, language=language)}"
                for question in questions
            )
            parts.append(_("Maybe one of these answers helps you already:\n\n%(answers)s") % {"answers": listed})
            parts.append(
                _("Is it solved? One click tells us, and nobody has to write to you any more:\n\n%(link)s")
                % {"link": link_for(receipt, "receipt", language)}
            )
        parts.append(_("Kind regards\nThe %(brand)s team") % {"brand": settings.HILFT.brand})
    return "\n\n".join(parts)


def questions_of(receipt: Receipt) -> list[Question]:
    """What the receipt shows, as far as everybody may still read it, best first."""
    found = Question.objects.public().in_bulk(receipt.questions)
    return [found[pk] for pk in receipt.questions if pk in found]


@transaction.atomic
def solve(*, receipt: Receipt, question: int) -> None:
    """Its reader says that an answer solved it: nobody has to reply. Writing again opens the matter anew."""
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("message").get(pk=receipt.pk)
    if receipt.solved_at:
        return
    solved = next((one for one in questions_of(receipt) if one.pk == question), None)
    if solved is None:
        raise Refusal(_("Choose the answer that solved it."))
    receipt.solved, receipt.solved_at = solved, now()
    receipt.save(update_fields=["solved", "solved_at"])
    selfhelp.solve(receipt.key)
    conversation = Conversation.objects.select_for_update().get(pk=receipt.message.conversation_id)
    conversation.state, conversation.waiting_since, conversation.later_until = State.DONE, None, None
    conversation.question, conversation.confirmed = solved, True
    conversation.save(update_fields=["state", "waiting_since", "later_until", "question", "confirmed"])
    waiting_changed.send(Conversation, conversation=conversation)
    with translation.override(settings.LANGUAGE_CODE):
        words = _("The customer says that this answer solved it: “%(title)s”") % {"title": solved.title}
    Message.objects.create(
        conversation=conversation,
        account_id=conversation.account_id,
        direction=Direction.NOTE,
        text=words,
        at=now(),
        changed_at=now(),
    )
    record(by=None, verb="inbox.solved_by_receipt", subject=conversation, question=solved.pk)
    tell("inbox", conversation=conversation.pk)
    tell(f"conversation-{conversation.pk}")


def asked_again(conversation: Conversation) -> None:
    """Whoever writes again was not helped after all."""
    keys = Receipt.objects.filter(message__conversation=conversation, solved_at__isnull=False)
    for key in keys.values_list("key", flat=True):
        selfhelp.end(key, AskingEnd.ASKED)


def _fitting(text: str) -> list[int]:
    """Public questions that this probably asks; none where looking took too long."""
    began = perf_counter()
    found = graded(suggest(text, most=MOST, public_only=True))
    if perf_counter() - began > SECONDS:
        return []
    return [ranked.question for ranked, word in found if word in {Likeness.SURE, Likeness.LIKELY}]


def _language(message: Message) -> str:
    return "en" if message.language == "en" else "de"
