"""A cause is closed: those who asked because of it are told in one reviewed step, nobody twice."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.channels.models import Account
from hilft.channels.portal.models import PortalPost
from hilft.inbox.models import Conversation
from hilft.knowledge.causes.models import Cause
from hilft.knowledge.enums import CauseState
from hilft.knowledge.models import Follower
from hilft.knowledge.notices import tell_of_cause
from hilft.people.errors import Refusal
from hilft.people.models import Handle, User
from hilft.people.queries import require
from hilft.publishing.causes import followers_to_tell, to_be_told
from hilft.publishing.commands import drafts, group_replies
from hilft.publishing.enums import DraftState, GroupState
from hilft.publishing.models import GroupReply, Told
from hilft.publishing.places import notice_for
from hilft.publishing.queries import LIVE_DRAFT
from hilft.publishing.rendering import DoesNotFit

NEEDED: Final = ("sie", "du")


@transaction.atomic
def tell_askers(
    *, by: User, cause: Cause, texts: Mapping[str, str], conversations: Sequence[int], anyway: bool = False
) -> GroupReply:
    """Writes to these conversations that the cause is closed, and to all followers once it is released.

    `texts` are by form of address (`sie`, `du`, and `none` for English). Whoever was told already, or is not to be,
    is not written to; one who cannot be is left out with the reason.
    """
    require(by, "draft.write")
    cause = Cause.objects.select_for_update().get(pk=cause.pk)
    if cause.state != CauseState.CLOSED:
        raise Refusal(_("The cause is not closed yet."))
    if not all(texts.get(form, "").strip() for form in NEEDED):
        raise Refusal(_("Write what people are told, in Sie and in du."))
    if len(conversations) > group_replies.MOST:
        raise Refusal(_("Answer at most %(most)s conversations in one step.") % {"most": group_replies.MOST})
    group = GroupReply.objects.create(cause=cause, texts=dict(texts), author=by)
    price: dict[Account, Decimal] = {}
    for conversation in to_be_told(cause).filter(pk__in=conversations).select_for_update(of=("self",)):
        cost = group_replies.attempt(group, conversation, _write)
        price[conversation.account] = price.get(conversation.account, Decimal(0)) + cost
    if not group.drafts.exists() and not followers_to_tell(cause).exists():
        reason = group.left_out[0]["reason"] if group.left_out else _("Nobody is left to be told.")
        raise Refusal(reason)
    cause.told_at = cause.told_at or now()
    cause.save(update_fields=["told_at"])
    record(by=by, verb="publishing.tell_askers", subject=cause, group=group.pk)
    return group_replies.submit(by=by, group=group, price=price, anyway=anyway)


@transaction.atomic
def tell_followers(group: GroupReply) -> int:
    """Mails everybody who follows a question of the cause, once, unless a reply reaches them; returns how many."""
    if group.cause is None or group.state != GroupState.RELEASED:
        return 0
    cause = Cause.objects.select_for_update().get(pk=group.cause.pk)
    reached = _addresses(cause)
    told = 0
    for follower in followers_to_tell(cause):
        if follower.email.lower() not in reached and follower.question is not None:
            text = group.texts.get("none") if follower.language == "en" else ""
            tell_of_cause(follower, follower.question, text or group.texts["sie"], key=f"cause-{cause.pk}")
            reached.add(follower.email.lower())
            told += 1
    cause.followers_told_at = now()
    cause.save(update_fields=["followers_told_at"])
    record(by=None, verb="publishing.tell_followers_of_cause", subject=cause, told=told)
    return told


def _write(group: GroupReply, conversation: Conversation) -> Decimal:
    """The notice for one conversation; returns its price in US dollars. Raises Refusal."""
    if conversation.drafts.filter(state__in=LIVE_DRAFT).exclude(text="").exists():
        raise Refusal(_("Somebody is writing a reply there."))
    draft = drafts.begin(by=group.author, conversation=conversation)
    try:
        draft.text = notice_for(conversation, group.texts)
    except DoesNotFit as error:
        raise Refusal(_("The text is too long for this network. Shorten it, or insert the short answer.")) from error
    draft.source, draft.rendering = None, ""
    price = group_replies.join(group, draft)
    Told.objects.update_or_create(cause=group.cause, contact=conversation.handle.contact, defaults={"draft": draft})
    return price


def _addresses(cause: Cause) -> set[str]:
    """The mail addresses behind those whom a reply reaches, also by a thread that they follow."""
    told = Told.objects.filter(cause=cause).exclude(draft__state=DraftState.DISCARDED)
    contacts = told.values("contact")
    threads = [
        thread
        for thread in told.filter(draft__conversation__account__kind="portal").values_list(
            "draft__conversation__thread", flat=True
        )
        if thread
    ]
    mails = Handle.objects.filter(contact__in=contacts, kind="email").values_list("handle", flat=True)
    guests = PortalPost.objects.filter(thread__in=threads, brand=False).values_list("email", flat=True)
    following = Follower.objects.filter(thread__in=threads).values_list("email", flat=True)
    return {address.lower() for address in (*mails, *guests, *following)}
