"""What a conversation's page shows of its clocks and hand-overs: collected here, rendered by the panel."""

from collections.abc import Collection
from typing import Any

from hilft.escalation.interim import interim
from hilft.escalation.models import FaultReport
from hilft.escalation.queries import clocks_of, fault_of, handovers_in
from hilft.escalation.statutory import FaultReport as Statutory
from hilft.inbox.enums import Priority
from hilft.inbox.models import Conversation


def panel(conversation: Conversation, strands: Collection[int]) -> dict[str, Any]:
    """Clocks, the statutory one beside them, hand-overs with what came back, and a proposed word in between."""
    clocks = clocks_of(conversation)
    running = next((clock for clock in clocks if clock.stopped_at is None), None)
    fault = fault_of(conversation)
    return {
        "clock": running,
        "clocks_before": [clock for clock in clocks if clock.stopped_at],
        "fault": fault,
        "statutory": statutory(fault),
        "handovers": handovers_in(strands),
        "interim": interim(conversation, running),
        "priorities": Priority.choices,
    }


def statutory(fault: FaultReport | None) -> Statutory | None:
    """What the law makes of a report."""
    return Statutory(fault.at) if fault else None
