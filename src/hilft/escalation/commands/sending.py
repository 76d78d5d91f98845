"""The outbox to departments: each mail leaves at least once, always as the same mail.

Unlike a reply to a customer (publishing.commands.deliveries) it may be repeated: after a crash between "sent" and
"recorded" it leaves again with the same Message-ID and the same thread. A department may read it twice; the
conversation has one hand-over, and whatever comes back is counted once.
"""

import logging
from datetime import timedelta
from typing import Final

from django.db import transaction

from hilft.audit.commands import record
from hilft.base.alone import alone
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.commands import lose
from hilft.channels.contract import AuthLost, ChannelError, Refused, RetryLater, Unknown
from hilft.channels.enums import AccountState
from hilft.channels.registry import adapter_of
from hilft.escalation.commands.handovers import LIVE, left, locked, pass_on, running_turn
from hilft.escalation.enums import DispatchState, HandOverState, Reach
from hilft.escalation.letters import outgoing_of
from hilft.escalation.models import Dispatch
from hilft.escalation.webhooks import call
from hilft.publishing.crashes import crash_point

log = logging.getLogger(__name__)
LOCK_SPACE: Final = 7403
ATTEMPTS: Final = 12
LONGEST: Final = timedelta(minutes=30)


def send(pk: int) -> None:
    """Brings one dispatch a step further, if it is due and nobody else is at it."""
    with alone(LOCK_SPACE, pk) as mine:
        dispatch = _begin(pk) if mine else None
        if dispatch is None:
            return
        crash_point("handing-begun")
        try:
            external_id = _leave(dispatch)
        except ChannelError as error:
            _failed(dispatch, error)
            return
        except Exception as error:
            log.exception("Dispatch %s", pk)
            _failed(dispatch, Unknown(f"{type(error).__name__}: {error}"))
            return
        crash_point("handing-left")
        _sent(dispatch, external_id)
        crash_point("handing-recorded")


@transaction.atomic
def _begin(pk: int) -> Dispatch | None:
    dispatch = (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("turn__level", "turn__handover__department", "turn__handover__account", "turn__handover__by")
        .select_related("turn__handover__conversation__handle", "turn__handover__conversation__account")
        .filter(pk=pk, state__in=[DispatchState.QUEUED, DispatchState.SENDING], due_at__lte=now())
        .first()
    )
    if dispatch is None:
        return None
    handover, account = dispatch.turn.handover, dispatch.turn.handover.account
    if handover.state == HandOverState.CLOSED or dispatch.turn.ended_at:
        dispatch.state = DispatchState.FAILED
        dispatch.save(update_fields=["state"])
        return None
    mails = handover.department.reach != Reach.WEBHOOK
    if mails and account and account.state != AccountState.ACTIVE:
        return None
    dispatch.state, dispatch.attempts = DispatchState.SENDING, dispatch.attempts + 1
    dispatch.begun_at = dispatch.begun_at or now()
    dispatch.save(update_fields=["state", "attempts", "begun_at"])
    return dispatch


def _leave(dispatch: Dispatch) -> str:
    """Hands the mail or call over; the name it has there. An earlier attempt that can be seen is not repeated."""
    handover = dispatch.turn.handover
    if handover.department.reach == Reach.WEBHOOK:
        return call(dispatch)
    if handover.account is None:
        raise Refused("There is no mail account to send from.")
    adapter, outgoing = adapter_of(handover.account), outgoing_of(dispatch)
    if dispatch.attempts > 1:
        try:
            known = adapter.lookup(outgoing)
        except (Unknown, RetryLater):
            known = None
        if known:
            return known.ref.id
    return adapter.publish(outgoing).ref.id


@transaction.atomic
def _sent(dispatch: Dispatch, external_id: str) -> None:
    locked(dispatch.turn.handover)
    dispatch.state, dispatch.sent_at, dispatch.error = DispatchState.SENT, now(), ""
    dispatch.external_id = external_id
    dispatch.save(update_fields=["state", "sent_at", "error", "external_id"])
    left(dispatch)
    record(by=None, verb="escalation.sent", subject=dispatch.turn.handover, to=dispatch.to, kind=dispatch.kind)
    _tell(dispatch)


@transaction.atomic
def _failed(dispatch: Dispatch, error: ChannelError) -> None:
    """Tried again while there is hope; what was refused for good is said, and the matter goes on."""
    handover = locked(dispatch.turn.handover)
    dispatch.error = str(error)[:500]
    wait = error.after if isinstance(error, RetryLater) else timedelta(seconds=20)
    given_up = isinstance(error, Refused) or dispatch.attempts >= ATTEMPTS
    if isinstance(error, AuthLost) and handover.account:
        lose(handover.account, str(error))
    dispatch.state = DispatchState.FAILED if given_up else DispatchState.SENDING
    dispatch.due_at = now() + min(LONGEST, wait * 2 ** min(dispatch.attempts - 1, 8))
    dispatch.save(update_fields=["state", "error", "due_at"])
    record(by=None, verb="escalation.failed", subject=handover, error=dispatch.error, state=dispatch.state)
    turn = running_turn(handover)
    if not given_up:
        enqueue("escalation.send", at=dispatch.due_at, dispatch=dispatch.pk)
    elif turn and turn.pk == dispatch.turn_id and handover.state in LIVE:
        pass_on(by=None, handover=handover, why=dispatch.error)
    _tell(dispatch)


def _tell(dispatch: Dispatch) -> None:
    tell(f"conversation-{dispatch.turn.handover.conversation_id}")
    tell("handovers", handover=dispatch.turn.handover_id)
