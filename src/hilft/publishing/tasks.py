"""Jobs of publishing: the outbox, corrections, and what nobody decided."""

from hilft.approvals.calls import call
from hilft.approvals.commands import expire
from hilft.base.queue import enqueue, job, periodic
from hilft.channels.models import Account
from hilft.publishing.commands import cause_notices, corrections, decisions, deliveries, group_replies, waiting
from hilft.publishing.enums import CorrectionState
from hilft.publishing.models import SUBJECT_CORRECTION, SUBJECT_DRAFT, SUBJECT_GROUP, Correction, GroupReply
from hilft.publishing.queries import due_deliveries

SWEPT = 200


@job("publishing.deliver")
def deliver(delivery: int) -> None:
    """Brings one delivery a step further."""
    deliveries.deliver(delivery)


@job("publishing.resume")
def resume(account: int, after: int = 0) -> None:
    """Lets what waited for an account go on, from after one delivery."""
    waiting.resume(Account.objects.get(pk=account), after=after)


@job("publishing.correct")
def correct(correction: int) -> None:
    """Puts a released batch into the outbox."""
    corrections.carry_out(correction)


@job("publishing.finish")
def finish(correction: int) -> None:
    """Closes a batch when nothing is left to do."""
    corrections.finish(correction)


@periodic("publishing.sweep", "* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute, and when a worker starts: what a crash or a lost reminder left lying.

    Each gets a reminder of its own, so that one that fails holds up no other.
    """
    for pk in due_deliveries().values_list("pk", flat=True)[:SWEPT]:
        enqueue("publishing.deliver", delivery=pk)
    for pk in Correction.objects.filter(state=CorrectionState.RUNNING).values_list("pk", flat=True):
        enqueue("publishing.correct", correction=pk)
    call()
    for approval in expire():
        if approval.subject_kind == SUBJECT_DRAFT:
            decisions.send_back_expired(approval)
        elif approval.subject_kind == SUBJECT_CORRECTION:
            corrections.send_back_expired(approval)
        elif approval.subject_kind == SUBJECT_GROUP:
            group_replies.send_back_expired(approval)


@job("publishing.tell_followers")
def tell_followers(group: int) -> None:
    """The replies about a closed cause leave: who follows its questions hears of it."""
    found = GroupReply.objects.select_related("cause").filter(pk=group).first()
    if found:
        cause_notices.tell_followers(found)
