"""Writing a reply: begin, save, insert an answer, submit, withdraw, discard."""

from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hilft.approvals import commands as approvals
from hilft.approvals.enums import Tier
from hilft.approvals.queries import drawn, ruling_for
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.channels.counting import fits
from hilft.inbox.commands import judge
from hilft.inbox.enums import Verdict
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import arrived_since, last_seen, latest_inbound
from hilft.knowledge.commands import holder_of
from hilft.knowledge.models import Question, Version
from hilft.knowledge.proposals import is_usable
from hilft.people.certificates import require_certificate
from hilft.people.enums import Gate
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing import budgets
from hilft.publishing.commands.deliveries import queue_reply
from hilft.publishing.commands.lapsed import tell_of
from hilft.publishing.commands.taking_back import back_to_editing
from hilft.publishing.crashes import crash_point
from hilft.publishing.enums import DraftState
from hilft.publishing.facts import facts_of
from hilft.publishing.models import SUBJECT_DRAFT, Draft
from hilft.publishing.places import allowed, may_be_private, place_of, rendering_for
from hilft.publishing.queries import LIVE_DRAFT
from hilft.publishing.rendering import DoesNotFit
from hilft.publishing.rules import draft_digest


class Arrived(Refusal):
    """Something came in, or a colleague replied, since the writer began."""

    def __init__(self, messages: list[Message]) -> None:
        super().__init__(_("Something arrived since you began. Read it, then send again."))
        self.messages = messages


@transaction.atomic
def begin(*, by: User, conversation: Conversation) -> Draft:
    """The person's draft in this conversation: the one they have, or a new one where their certificates cover it."""
    require(by, "draft.write")
    existing = conversation.drafts.filter(author=by, state__in=LIVE_DRAFT).first()
    if existing:
        return existing
    require_certificate(by, Gate.DRAFT, conversation.account.kind)
    try:
        with transaction.atomic():
            return Draft.objects.create(
                conversation=conversation,
                author=by,
                public=conversation.public,
                reply_to=latest_inbound(conversation),
                seen=last_seen(conversation),
            )
    except IntegrityError:
        return conversation.drafts.get(author=by, state__in=LIVE_DRAFT)


@transaction.atomic
def save(
    *, by: User, draft: Draft, text: str, question: Question | None = None, version: Version | None = None
) -> Draft:
    """Keeps what was written so far, and which answer it was made from, or which offered `version` of it.

    A submitted draft stays as it is.
    """
    draft = _own(by, draft)
    if draft.state != DraftState.EDITING:
        return draft
    source = draft.source.version.answer.question_id if draft.source else None
    version = version if version and not version.published_at else None
    another = source is None or (version and version.pk) != _offer_behind(draft)
    if question is not None and (another or source not in {question.pk, holder_of(question).pk}):
        draft = insert(by=by, draft=draft, question=question, version=version)
    draft.text = text
    draft.save(update_fields=["text", "saved_at"])
    return draft


@transaction.atomic
def insert(*, by: User, draft: Draft, question: Question, version: Version | None = None) -> Draft:
    """Makes the question's current answer the draft's text, rendered for its place; records the choice. Never sends.

    `version` is a text that a contributor offered for it: such a reply is always seen by a second person.
    """
    draft = _own(by, draft, DraftState.EDITING)
    conversation, question = draft.conversation, holder_of(question)
    if version and not (version.answer_id == question.answer.pk and is_usable(version, question.answer)):
        raise Refusal(_("This text is not offered any more. Insert the answer that holds."))
    try:
        draft.source, draft.rendering = rendering_for(conversation, question, public=draft.public, version=version)
    except DoesNotFit as error:
        raise Refusal(
            _("This answer does not fit here, not even its first sentence: ask an editor for a short text.")
        ) from error
    except LookupError as error:
        raise Refusal(_("This question has no published answer.")) from error
    draft.text = draft.rendering
    draft.stopped = ""
    draft.save()
    judge(by=by, conversation=conversation, verdict=Verdict.USED, question=question)
    return draft


@transaction.atomic
def set_public(*, by: User, draft: Draft, public: bool) -> Draft:
    """Turns a reply to a public post private, or public again; an untouched rendering is fitted to the new place.

    Refuses what the network has no way for, and to make public what was asked in private.
    """
    draft = _own(by, draft, DraftState.EDITING)
    conversation = draft.conversation
    if public and not conversation.public:
        raise Refusal(_("A private question is never answered in public."))
    if not public and not may_be_private(conversation):
        raise Refusal(_("This network has no way to answer in private."))
    untouched, draft.public = draft.unchanged, public
    question = draft.source.version.answer.question if draft.source else None
    if question is not None:
        try:
            offered = draft.source.version if draft.source and _offer_behind(draft) else None
            draft.source, draft.rendering = rendering_for(conversation, question, public=public, version=offered)
        except (DoesNotFit, LookupError):
            untouched = False
        if untouched:
            draft.text = draft.rendering
    draft.save()
    record(by=by, verb="publishing.set_public", subject=draft, public=public)
    return draft


@transaction.atomic
def submit(*, by: User, draft: Draft, text: str, seen: int, by_hand: bool = False, anyway: bool = False) -> Draft:
    """Sends the reply on its way: at once where the rule lets it pass, else to a second person.

    Refuses with Arrived when something came in after `seen`, the last message that the writer's page showed. What is to
    be posted `by_hand` is released like any other text, and then waits for a person instead of the network. OverBudget
    says that the day's budget does not cover it, unless the writer wants it `anyway`. Whoever began while their
    certificate held and has lost it since needs a second person, whatever the rules say.
    """
    draft = _own(by, draft, DraftState.EDITING)
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=draft.conversation_id)
    arrived = arrived_since(conversation, max(seen, 0))
    if arrived:
        raise Arrived(arrived)
    draft.text, draft.stopped, draft.seen, draft.by_hand = text.strip(), "", seen, by_hand
    draft.reply_to = latest_inbound(conversation) or draft.reply_to
    check(draft, anyway=anyway)
    draft.facts, draft.before_edit = facts_of(draft), ""
    given = ruling_for(draft.facts, by)
    draft.facts["author_share"] = given.author_share
    held = bool(draft.facts["uncertified"]) or drawn(given.held_share, by.pk, conversation.pk, draft.reply_to_id)
    draft.rule, draft.sampled = given.rule, given.tier == Tier.SAMPLED or 0 < given.held_share < 1
    draft.state = DraftState.WAITING if held else DraftState.RELEASED
    draft.save()
    if held:
        approvals.ask(by=by, kind=SUBJECT_DRAFT, subject=draft.pk, digest=draft_digest(draft), rule=given.rule)
    else:
        queue_reply(draft=draft, due_at=now() + timedelta(seconds=by.undo_seconds))
    record(by=by, verb="publishing.submit", subject=draft, rule=given.rule, held=held, anyway=anyway)
    tell_of(draft)
    transaction.on_commit(partial(crash_point, "submitted"))
    return draft


def check(draft: Draft, *, anyway: bool) -> None:
    """Raises Refusal for what cannot leave: no text, too long, refused by the network, or beyond the day's budget."""
    if not draft.text:
        raise Refusal(_("There is no text yet."))
    conversation = draft.conversation
    if conversation.automatic:
        raise Refusal(_("This is automatic mail: it gets no answer."))
    place = place_of(conversation, public=draft.public)
    if not fits(place.prefix + draft.text, place.limits):
        raise Refusal(_("The text is too long for this network. Shorten it, or insert the short answer."))
    if draft.reply_to and draft.reply_to.external_id and not draft.by_hand:
        given = allowed(draft.reply_to, public=draft.public, text=draft.text)
        if not given.ok:
            raise Refusal(given.reason)
        if given.price and not anyway:
            budgets.hold({conversation.account: given.price})


@transaction.atomic
def withdraw(*, by: User, draft: Draft) -> Draft:
    """The author takes a submitted draft back to go on writing."""
    draft = _own(by, draft, DraftState.WAITING)
    record(by=by, verb="publishing.withdraw", subject=draft)
    return back_to_editing(draft, "")


@transaction.atomic
def discard(*, by: User, draft: Draft) -> None:
    """Throws a draft away; what was submitted is taken back first."""
    draft = _own(by, draft)
    if draft.state == DraftState.RELEASED:
        raise Refusal(_("This reply has been released. Undo it first."))
    approvals.void(kind=SUBJECT_DRAFT, subject=draft.pk, reason="discarded")
    draft.state = DraftState.DISCARDED
    draft.save(update_fields=["state", "saved_at"])
    record(by=by, verb="publishing.discard", subject=draft)
    tell_of(draft)


def _offer_behind(draft: Draft) -> int | None:
    """The version that a draft was made from, if it is one that was offered and does not hold yet."""
    if draft.source is None or draft.source.version.published_at:
        return None
    return draft.source.version_id


def _own(by: User, draft: Draft, *states: DraftState) -> Draft:
    require(by, "draft.write")
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("conversation__account", "conversation__handle", "source__version__answer__question")
        .get(pk=draft.pk)
    )
    if draft.author_id != by.pk:
        raise Refusal(_("This draft belongs to somebody else."))
    if states and draft.state not in states:
        raise Refusal(_("This draft is no longer being written. Reload the page to see where it stands."))
    return draft
