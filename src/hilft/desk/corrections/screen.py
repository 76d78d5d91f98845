"""What the corrections screens show: batches with their coverage, and what happens to each reply."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.http import HttpRequest

from hilft.approvals.queries import approval_of
from hilft.desk.frame import page_of
from hilft.people.models import User
from hilft.people.rules import may
from hilft.publishing.budgets import of_corrections
from hilft.publishing.commands.corrections import digest_of
from hilft.publishing.enums import CorrectionState, How
from hilft.publishing.models import SUBJECT_CORRECTION, Correction, CorrectionItem
from hilft.publishing.queries import changes_by_delivery, correction_counts, items_of


@dataclass(frozen=True)
class Coverage:
    """How far a batch is: out of `total` replies that count, `done` are settled and `stuck` need a person."""

    total: int
    done: int
    stuck: int
    left_out: int

    @property
    def share(self) -> int:
        """In percent, rounded down so that 100 means all."""
        return 100 * self.done // self.total if self.total else 100


def coverage_of(correction: Correction) -> Coverage:
    """Counts of a batch's items by where they stand."""
    counts = correction_counts(correction)
    left_out = counts["left_out"]
    return Coverage(sum(counts.values()) - left_out, counts["done"], counts["person"], left_out)


def took(correction: Correction) -> timedelta | None:
    """How long a finished batch took from plan to last reply."""
    return correction.finished_at - correction.created_at if correction.finished_at else None


def costs_of(correction: Correction) -> list[tuple[str, Decimal]]:
    """What carrying out the batch costs in US dollars, by account; empty where no network charges."""
    found = of_corrections(items_of(correction))
    return sorted((account.name, price) for account, price in found.items() if price)


def batch_context(request: HttpRequest, user: User, correction: Correction) -> dict[str, object]:
    """One batch: its items, its coverage, and what this person may do with it."""
    waits = correction.state == CorrectionState.WAITING
    open_ = correction.state in {CorrectionState.PLANNED, CorrectionState.WAITING}
    own = correction.planned_by_id == user.pk
    page = page_of(request, items_of(correction))
    items = list(page.object_list)
    return {
        "view": "corrections",
        "correction": correction,
        "question": correction.version.answer.question,
        "page": page,
        "items": items,
        "changes": changes_by_delivery(items),
        "coverage": coverage_of(correction),
        "costs": costs_of(correction) if open_ else [],
        "took": took(correction),
        "approval": approval_of(SUBJECT_CORRECTION, correction.pk) if waits else None,
        "digest": digest_of(correction) if waits else "",
        "own": own,
        "open": open_,
        "plans": open_ and may(user, "correction.plan"),
        "decides": waits and not own and may(user, "correction.approve"),
        "settles": may(user, "draft.write"),
    }


def what_happens(items: list[CorrectionItem]) -> list[tuple[str, int]]:
    """How many replies will be edited, answered, handed over, in the order of the choices."""
    counts = dict.fromkeys(How, 0)
    for item in items:
        counts[How(item.how)] += 1
    return [(str(how.label), n) for how, n in counts.items() if n]
