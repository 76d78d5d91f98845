"""One step for many conversations: planned first, looked at, then done row by row, and undone the same way.

A plan holds exactly the conversations that were chosen; what has changed meanwhile is skipped, and says why. Each row
is a transaction of its own, so that what a crash interrupts goes on with the next row.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.inbox.handling import steps
from hilft.inbox.handling.enums import BulkState
from hilft.inbox.handling.models import Bulk, BulkRow
from hilft.inbox.handling.steps import Skipped, Wanted
from hilft.inbox.models import Conversation
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

AT_ONCE: Final = 25
"""So many rows are done before the person sees the next page; the rest is a job."""
MOST: Final = 10_000
"""Conversations in one plan."""
TURN: Final = 200
"""Rows that a job does before it gives way to others."""


@transaction.atomic
def plan(*, by: User, conversations: Iterable[Conversation], wanted: Wanted) -> Bulk:
    """Says beforehand what a step for many touches, and whom it skips and why; changes nothing yet."""
    require(by, "conversation.many")
    Bulk.objects.filter(by=by, state=BulkState.PLANNED).delete()
    bulk = Bulk.objects.create(by=by, step=wanted.kept())
    rows = [BulkRow(bulk=bulk, conversation=one, skipped=_reason(one, wanted)) for one in conversations]
    if not rows:
        raise Refusal(_("Choose conversations first."))
    if len(rows) > MOST:
        raise Refusal(_("These are more than %(most)s conversations. Narrow the list down first.") % {"most": MOST})
    for row in rows:
        row.settled = bool(row.skipped)
    BulkRow.objects.bulk_create(rows, batch_size=1000)
    record(by=by, verb="inbox.plan_bulk", subject=bulk, step=bulk.step, rows=len(rows))
    return bulk


@transaction.atomic
def start(*, by: User, bulk: Bulk) -> Bulk:
    """Does what was planned: a few rows now, many by a job."""
    bulk = _own(by, bulk, BulkState.PLANNED)
    bulk.state = BulkState.RUNNING
    bulk.save(update_fields=["state"])
    record(by=by, verb="inbox.bulk", subject=bulk, step=bulk.step, rows=bulk.rows.filter(settled=False).count())
    enqueue("inbox.bulk", bulk=bulk.pk)
    return bulk


@transaction.atomic
def take_back(*, by: User, bulk: Bulk) -> Bulk:
    """Undoes all of it, except for what was changed since, which is then named."""
    bulk = _own(by, bulk, BulkState.DONE)
    bulk.state = BulkState.UNDOING
    bulk.save(update_fields=["state"])
    bulk.rows.filter(step__isnull=False).update(settled=False)
    record(by=by, verb="inbox.undo_bulk", subject=bulk, step=bulk.step)
    enqueue("inbox.bulk", bulk=bulk.pk)
    return bulk


def go_on(bulk: Bulk, *, most: int = TURN) -> bool:
    """Settles the next rows of what runs; returns whether rows are left."""
    for _number in range(most):
        with transaction.atomic():
            # Whoever holds the lock does a row; two workers at the same one take turns and never do it twice.
            bulk = Bulk.objects.select_for_update(of=("self",)).select_related("by").get(pk=bulk.pk)
            if bulk.state not in {BulkState.RUNNING, BulkState.UNDOING}:
                return False
            row = bulk.rows.filter(settled=False).select_related("conversation", "step").order_by("pk").first()
            if row is None:
                _finish(bulk)
                return False
            _settle(bulk, row)
    return True


def reasons(bulk: Bulk) -> list[tuple[str, int]]:
    """Why rows were skipped, the most frequent reason first."""
    said = bulk.rows.exclude(skipped="").values_list("skipped", flat=True)
    return Counter(said).most_common()


def _settle(bulk: Bulk, row: BulkRow) -> None:
    if bulk.state == BulkState.UNDOING:
        row.kept = bool(row.step and steps.undo(by=bulk.by, step=row.step))
    else:
        try:
            row.step = steps.take(by=bulk.by, conversation=row.conversation, wanted=Wanted.of(bulk.step))
        except Refusal as refusal:
            row.skipped = str(refusal)[:200]
    row.settled = True
    row.save(update_fields=["settled", "step", "skipped", "kept"])


def _finish(bulk: Bulk) -> None:
    bulk.state = BulkState.DONE if bulk.state == BulkState.RUNNING else BulkState.UNDONE
    bulk.finished_at = now()
    bulk.save(update_fields=["state", "finished_at"])
    tell("inbox", bulk=bulk.pk)


def _reason(conversation: Conversation, wanted: Wanted) -> str:
    try:
        steps.outcome(conversation, wanted)
    except Skipped as skipped:
        return str(skipped)[:200]
    return ""


def _own(by: User, bulk: Bulk, state: BulkState) -> Bulk:
    require(by, "conversation.many")
    bulk = Bulk.objects.select_for_update(of=("self",)).select_related("by").get(pk=bulk.pk)
    if bulk.by_id != by.pk:
        raise Refusal(_("Somebody else has planned this."))
    if bulk.state != state:
        raise Refusal(_("This is not waiting for you any more. Reload the page to see where it stands."))
    return bulk
