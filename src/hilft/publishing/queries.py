"""What screens and commands ask about drafts, deliveries and corrections."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from hilft.approvals.enums import Decision
from hilft.approvals.models import Approval
from hilft.approvals.records import STEPS
from hilft.base.clock import now
from hilft.base.prepared import Given, prepared
from hilft.channels.enums import AccountState
from hilft.channels.models import Account
from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation
from hilft.knowledge.models import Question
from hilft.people.council import shows
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing.enums import CorrectionState, DeliveryState, DraftState, ItemState
from hilft.publishing.models import (
    SUBJECT_CORRECTION,
    SUBJECT_DRAFT,
    SUBJECT_GROUP,
    Correction,
    CorrectionItem,
    Delivery,
    Draft,
    PlacementChange,
)
from hilft.publishing.rendering import without_frame
from hilft.reading.privacy import mask

LIVE_DRAFT = [DraftState.EDITING, DraftState.WAITING, DraftState.RELEASED]


def own_words(conversation: Conversation, *, by: User) -> str:
    """What this person is writing here, else wrote last, without the frame of a letter or personal data."""
    draft = draft_in(conversation, by=by)
    last = conversation.messages.filter(direction=Direction.OUT, author=by, deleted_at=None).order_by("-at", "-pk")
    words = (draft.text if draft else "") or last.values_list("text", flat=True).first() or ""
    return mask(without_frame(words, brand=settings.HILFT.brand))


def draft_in(conversation: Conversation, *, by: User) -> Draft | None:
    """The person's own draft in this conversation, if there is one."""
    for draft in _draft(conversation.pk, by.pk):
        draft.conversation = conversation
        return draft
    return None


@prepared
def _draft(conversation: Given, by: Given) -> QuerySet[Draft]:
    found = Draft.objects.filter(conversation=conversation, author=by, state__in=LIVE_DRAFT)
    return found.select_related("source__version__answer__question", "author").order_by("pk")[:1]


def drafts_of_others(strands: Sequence[int], *, besides: User) -> list[Draft]:
    """What colleagues are writing, have submitted, or are about to send in these strands."""
    return _drafts_of_others(list(strands), besides.pk)


@prepared
def _drafts_of_others(strands: Given, besides: Given) -> QuerySet[Draft]:
    found = Draft.objects.filter(conversation__among=strands, state__in=LIVE_DRAFT).exclude(author=besides)
    related = ("author", "source__version__answer__question", "delivery")
    return found.exclude(text="").select_related(*related).order_by("pk")


def access_draft(user: User, pk: int) -> Draft:
    """A person's own draft; those of others do not exist for them."""
    require(user, "draft.write")
    return Draft.objects.select_related("conversation__account", "conversation__handle", "source").get(
        pk=pk, author=user
    )


def waiting_drafts() -> QuerySet[Draft]:
    """Drafts that wait for a second person, the longest waiting customer first."""
    return (
        Draft.objects.filter(state=DraftState.WAITING, group=None)
        .select_related(
            "author",
            "conversation__account",
            "conversation__handle",
            "source__version__answer__question",
            "source__version__answer__current",
            "reply_to",
        )
        .order_by("conversation__waiting_since", "pk")
    )


def waiting_corrections() -> QuerySet[Correction]:
    """Correction batches that wait for a second person, oldest first."""
    return corrections().filter(state=CorrectionState.WAITING).order_by("pk")


def access_waiting_draft(user: User, pk: int) -> Draft:
    """A draft that waits for a second person, for everybody at the desk; decided ones do not exist here."""
    require(user, "desk.see")
    return waiting_drafts().select_related("conversation__handle__contact", "source__version__author").get(pk=pk)


def submitted_facts(*, days: int, records: bool = True) -> Iterator[Mapping[str, Any]]:
    """What the rules were asked about each text that was submitted in the last days.

    Without `records` every author counts as one whose texts were never looked at.
    """
    for facts in _submitted(days).order_by("pk").values_list("facts", flat=True).iterator(chunk_size=2000):
        yield (facts or {}) | ({} if records else {"author_share": STEPS[0].share})


def shows_records(user: User, *, days: int) -> bool:
    """Whether what was submitted in the last days may show somebody how its authors' texts fared."""
    return shows(user, set(_submitted(days).order_by().values_list("author", flat=True).distinct()))


def _submitted(days: int) -> QuerySet[Draft]:
    return Draft.objects.filter(facts__isnull=False, saved_at__gte=now() - timedelta(days=days))


def approvals_of(drafts: list[Draft]) -> dict[int, Approval]:
    """The waiting approval of each draft, by the draft's id."""
    found = Approval.objects.filter(
        subject_kind=SUBJECT_DRAFT, subject_id__in=[d.pk for d in drafts], decision=Decision.WAITING
    )
    return {approval.subject_id: approval for approval in found}


def needs_approval(user: User) -> int:
    """How many drafts, correction batches and replies to many this person could decide now."""
    others = Approval.objects.filter(decision=Decision.WAITING).exclude(maker=user)
    single = others.filter(subject_kind=SUBJECT_DRAFT)
    return single.count() + others.filter(subject_kind__in=[SUBJECT_CORRECTION, SUBJECT_GROUP]).count()


def needing_person() -> QuerySet[Delivery]:
    """Deliveries that only a person can bring to an end, oldest first."""
    return (
        Delivery.objects.filter(state=DeliveryState.PERSON)
        .select_related("account", "conversation__account", "conversation__handle", "draft__author", "reply_to")
        .order_by("pk")
    )


def queued_by_account() -> dict[int, int]:
    """How many replies wait to leave, by account."""
    rows = Delivery.objects.filter(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]).values_list("account")
    return dict(rows.annotate(n=Count("pk")))


def queued_on(account: Account) -> QuerySet[Delivery]:
    """The replies that wait to leave on one account, the longest waiting first."""
    waiting = Delivery.objects.filter(account=account, state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])
    return waiting.select_related("conversation__handle").order_by("created_at", "pk")


def deliveries_in(strands: Sequence[int]) -> list[Delivery]:
    """What is on its way out of these strands, or got stuck."""
    return _deliveries(list(strands))


@prepared
def _deliveries(strands: Given) -> QuerySet[Delivery]:
    live = [DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.PERSON]
    found = Delivery.objects.filter(conversation__among=strands, state__in=live)
    return found.select_related("draft__author").order_by("pk")


def corrections_of(question: Question, *, most: int = 5) -> list[Correction]:
    """The latest batches of a question's answer, newest first."""
    return list(corrections().filter(version__answer__question=question)[:most])


def changes_by_delivery(items: list[CorrectionItem]) -> dict[int, PlacementChange]:
    """What stood there before each correction that has arrived, by its delivery."""
    deliveries = [item.delivery_id for item in items if item.delivery_id]
    found = PlacementChange.objects.filter(delivery__in=deliveries).select_related("source_before__version")
    return {change.delivery_id: change for change in found}


def access_correction(user: User, pk: int, *, action: str = "correction.see") -> Correction:
    """One batch of corrections."""
    require(user, action)
    return Correction.objects.select_related("version__answer__question", "version__author", "planned_by").get(pk=pk)


def corrections() -> QuerySet[Correction]:
    """All batches with their coverage, newest first."""
    return (
        Correction.objects.select_related("version__answer__question", "planned_by")
        .annotate(
            total=Count("items", filter=~Q(items__state=ItemState.LEFT_OUT)),
            done=Count("items", filter=Q(items__state=ItemState.DONE)),
            stuck=Count("items", filter=Q(items__state=ItemState.PERSON)),
        )
        .order_by("-pk")
    )


def correction_counts(correction: Correction) -> dict[str, int]:
    """How many items of a batch stand in each state."""
    rows = correction.items.order_by().values_list("state").annotate(n=Count("pk"))
    return {str(state): 0 for state in ItemState.values} | dict(rows)


def items_of(correction: Correction) -> QuerySet[CorrectionItem]:
    """A batch's items with where they stand, in a stable order."""
    return correction.items.select_related(
        "placement__account",
        "placement__conversation__account",
        "placement__conversation__handle",
        "placement__source__version",
        "source",
        "delivery",
    ).order_by("pk")


def due_deliveries() -> QuerySet[Delivery]:
    """Deliveries whose time has come, oldest first: new ones, and those that a crash left in the middle.

    Those of an account that is stopped or has to wait are left out: there may be many, and they are in nobody's way.
    """
    at = now()
    return (
        Delivery.objects.filter(
            state__in=[DeliveryState.QUEUED, DeliveryState.SENDING],
            due_at__lte=at + timedelta(milliseconds=50),
            account__state=AccountState.ACTIVE,
        )
        .exclude(account__hold_until__gt=at)
        .order_by("due_at", "pk")
    )
