"""What the conversation screen shows: collected here, rendered by its templates."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from hilft.approvals.queries import labels, ruling_for
from hilft.base.comparing import changed_share
from hilft.base.enums import Language
from hilft.channels.contract import Allowed
from hilft.channels.counting import count, links
from hilft.channels.registry import KINDS, label, spoken
from hilft.desk.contacts.screen import panel as contact_panel
from hilft.desk.conversations.rows import Around, drawn
from hilft.desk.conversations.suggestions import suggestions, unexplained
from hilft.desk.escalation.screen import panel
from hilft.desk.frame import StaffRequest, page_of
from hilft.desk.phone.screen import notes_in
from hilft.escalation.queries import lying_with, running_clocks
from hilft.inbox import queries as inbox
from hilft.inbox.enums import Direction, Verdict
from hilft.inbox.handling.filters import Filter
from hilft.inbox.handling.queries import joinings_of, steps_of
from hilft.inbox.handling.tags import vocabulary
from hilft.inbox.handling.views import KEPT, counted, saved_views
from hilft.inbox.lists import MOST, conversations
from hilft.inbox.models import Conversation, Message
from hilft.people.certificates import lacks
from hilft.people.enums import Gate
from hilft.people.queries import answering
from hilft.people.rules import may
from hilft.publishing import places
from hilft.publishing import queries as publishing
from hilft.publishing.enums import DraftState
from hilft.publishing.facts import facts_of, personal_kinds
from hilft.publishing.models import Draft
from hilft.publishing.placements import newest_placement, private_answers

VIEWS = ("open", "mine", "unassigned", "later", "done", "all", "followups", "spam", "foreign")


def list_context(request: HttpRequest, user: Any, *, shown: Conversation | None = None) -> dict[str, object]:
    """A view's page of conversations, with who is in which; `shown` is open beside it."""
    search = request.GET.get("q", "").strip()
    view = _view(request.GET)
    found = found_by(request.GET, user)
    page = page_of(request, found, most=MOST)
    rows = list(page.object_list)
    pks = [row.pk for row in rows]
    around = Around(inbox.presence_by_conversation(pks, besides=user), running_clocks(pks), lying_with(pks))
    query = _list_query(request)
    return {
        "view": "" if search and "view" not in request.GET else view,
        "q": search,
        "tag": request.GET.get("tag", ""),
        "narrowed": Filter.of(request.GET.dict()),
        "views": counted(user, saved_views(user)),
        "teams_of_mine": user.teams.order_by("name", "pk"),
        "networks_known": [(kind, label(kind)) for kind in KINDS],
        "languages_known": Language.values,
        "page": page,
        "rows": drawn(
            rows, around, query=query, choosing=may(user, "conversation.many"), shown=shown.pk if shown else None
        ),
        "list_query": query,
    }


def found_by(asked: QueryDict, user: Any) -> QuerySet[Conversation]:
    """The conversations of a list's address: its view, what is searched for, and what it is narrowed down to."""
    narrowed = Filter.of(asked.dict())
    return conversations(user, view=_view(asked), search=asked.get("q", "").strip(), narrowed=narrowed)


def _view(asked: QueryDict) -> str:
    """The view of an address; a search without one looks everywhere."""
    view = asked.get("view", "all" if asked.get("q", "").strip() else "open")
    return view if view in VIEWS else "open"


def thread_context(request: StaffRequest, conversation: Conversation) -> dict[str, object]:
    """Everything beside and below one conversation's thread; what is written goes to the chosen strand of it."""
    user = request.user
    writes = may(user, "draft.write")
    head, strands = conversation.head, inbox.strands_shown(conversation)
    conversation = _strand(request, conversation, strands)
    draft = publishing.draft_in(conversation, by=user) if writes else None
    public = draft.public if draft else conversation.public
    limits, prefix = places.limits_for(conversation, public=public)
    log = _log_context(request, head, conversation, strands, draft)
    return {
        "strands": strands if len(strands) > 1 else [],
        "allowed": _allowed(conversation, draft, log["latest"]) if writes else None,
        "as_public": public,
        "unexplained": unexplained(draft, log["suggestions"], log["judgement"]) if draft else None,
        "turnable": conversation.public and places.may_be_private(conversation),
        "writes": writes and not conversation.automatic,
        "lacking": lacks(user, Gate.DRAFT, [conversation.account.kind]) if writes and draft is None else [],
        "draft": draft,
        "draft_state": draft_context(draft) if draft else {},
        "limits": limits,
        "prefix": prefix,
        "spoken": spoken(conversation.account.kind),
        "seen": inbox.seen_in(log["thread"]),
        "staff": answering(),
        "tags_known": vocabulary(),
        "list_query": _list_query(request),
        **log,
    }


def _allowed(conversation: Conversation, draft: Draft | None, latest: Message | None) -> Allowed | None:
    """What the network lets us do now, for the composer; None where nobody wrote."""
    if latest is None or not latest.external_id:
        return None
    latest.conversation = conversation
    public = draft.public if draft else conversation.public
    return places.allowed(latest, public=public, text=draft.text if draft else "")


def log_context(request: StaffRequest, conversation: Conversation) -> dict[str, object]:
    """What changes while somebody looks: the thread, what is on its way, suggestions, who is here, the context."""
    strands = inbox.strands_shown(conversation)
    strand = _strand(request, conversation, strands)
    own = publishing.draft_in(strand, by=request.user)
    shown = {"strands": strands if len(strands) > 1 else []}
    return _log_context(request, conversation.head, strand, strands, own) | shown


def _strand(request: HttpRequest, conversation: Conversation, strands: list[Conversation]) -> Conversation:
    """The strand that a reply goes to: the one asked for, else where the customer wrote last."""
    by_key = {strand.pk: strand for strand in strands}
    if len(strands) == 1 or conversation.merged_into_id:
        return by_key[conversation.pk] if len(strands) > 1 else conversation
    wanted = request.GET.get("strand", "")
    if wanted.isdecimal() and int(wanted) in by_key:
        return by_key[int(wanted)]
    last = inbox.messages_of(conversation).filter(direction=Direction.IN, deleted_at=None).last()
    return by_key[last.conversation_id] if last else conversation


def _log_context(
    request: StaffRequest,
    head: Conversation,
    conversation: Conversation,
    strands: list[Conversation],
    own: Draft | None,
) -> dict[str, Any]:
    user = request.user
    keys = [strand.pk for strand in strands]
    thread = inbox.thread_of(keys)
    latest = inbox.latest_of(one for one in thread if one.conversation_id == conversation.pk)
    judgement = inbox.judgement_of(latest, by=user) if latest else None
    public = own.public if own else conversation.public
    return {
        "conversation": head,
        "strand": conversation,
        "channel_label": label(conversation.account.kind),
        "thread": thread,
        "phone_notes": notes_in(conversation),
        "latest": latest,
        "deliveries": publishing.deliveries_in(keys),
        "private_answers": private_answers(conversation) if conversation.public else [],
        "other_drafts": publishing.drafts_of_others(keys, besides=user),
        "suggestions": suggestions(conversation, latest, user, public=public) if may(user, "draft.write") else [],
        "judgement": judgement,
        "duplicate": inbox.duplicate_of(conversation),
        "none_fits": bool(judgement and judgement.verdict == Verdict.NONE),
        "present": inbox.present(head, besides=user),
        "waiting_too": inbox.others_waiting(conversation),
        "own_draft": own,
        "steps": _steps(conversation, own),
        **panel(head, keys),
        **contact_panel(conversation),
        "steps_here": steps_of(head),
        "joinings": joinings_of(head),
    }


def draft_context(draft: Draft) -> dict[str, object]:
    """What the composer says about the text: how much was changed, who must see it, what should not be in it."""
    place = places.place_of(draft.conversation, public=draft.public)
    given = ruling_for(facts_of(draft), draft.author)
    return {
        "draft": draft,
        "passes": given.held_share == 0,
        "by_sample": 0 < given.held_share < 1,
        "rule": labels().get(given.rule),
        "changed": changed_share(draft.rendering, draft.text) if draft.rendering else None,
        "personal": personal_kinds(draft) if draft.public else [],
        "length": count(place.prefix + draft.text, place.limits),
        "link_price": _link_price(draft),
    }


def _link_price(draft: Draft) -> Decimal | None:
    """What the reply costs where a link in it makes it dearer; else None."""
    if draft.reply_to is None or not draft.reply_to.external_id or not links(draft.text):
        return None
    draft.reply_to.conversation = draft.conversation
    without, price = (places.allowed(draft.reply_to, public=draft.public, text=t).price for t in ("", draft.text))
    return price if price is not None and without is not None and price > without else None


def _steps(conversation: Conversation, draft: Draft | None) -> dict[str, object]:
    """The origin of the reply: from question to placement, with where it stands."""
    placement = newest_placement(conversation)
    source = draft.source if draft and draft.source else placement.source if placement and draft is None else None
    return {
        "source": source,
        "draft": draft,
        "placement": placement if draft is None else None,
        "waiting": bool(draft and draft.state == DraftState.WAITING),
        "released": bool(draft and draft.state == DraftState.RELEASED),
    }


def _list_query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    for name in list(kept):
        if name not in {*KEPT, "page"}:
            del kept[name]
    return kept.urlencode()
