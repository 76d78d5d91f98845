"""Jobs of escalation: what leaves for departments, and the clocks."""

from typing import Final

from hilft.base.clock import now
from hilft.base.queue import enqueue, job, periodic
from hilft.escalation.commands.clocks import watch
from hilft.escalation.commands.handovers import chase
from hilft.escalation.commands.sending import send
from hilft.escalation.enums import DispatchState
from hilft.escalation.models import Dispatch

SWEPT: Final = 200


@job("escalation.send")
def leave(dispatch: int) -> None:
    """Brings one mail or call to a department a step further."""
    send(dispatch)


@periodic("escalation.sweep", "* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute, and when a worker starts: clocks, levels, and what a crash left lying."""
    watch()
    chase()
    due = Dispatch.objects.filter(state__in=[DispatchState.QUEUED, DispatchState.SENDING], due_at__lte=now())
    for pk in due.order_by("due_at", "pk").values_list("pk", flat=True)[:SWEPT]:
        enqueue("escalation.send", dispatch=pk)
