"""What screens and commands ask about approvals."""

from collections.abc import Mapping

from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from hilft.approvals.enums import Decision
from hilft.approvals.models import Approval, BrokenGlass, Remark, Rule
from hilft.approvals.records import Record, counted
from hilft.approvals.rules import Ruling, ruling
from hilft.people.models import User


def rules_in_force() -> QuerySet[Rule]:
    """Active rules in the order in which they are asked."""
    return Rule.objects.filter(active=True).order_by("position", "pk")


def every_rule() -> QuerySet[Rule]:
    """All rules, paused ones too, in the order in which they are asked."""
    return Rule.objects.order_by("position", "pk")


def ruling_for(facts: Mapping[str, object], author: User) -> Ruling:
    """What the rules in force say of a text by this author."""
    return ruling(rules_in_force(), facts, record_of(author))


def drawn(share: float, *lot: object) -> bool:
    """Whether this lot is among the share that is drawn: the same lot always or never is, and none can tell before."""
    value = int.from_bytes(salted_hmac("hilft.approvals.drawn", repr(lot), algorithm="sha256").digest()[:8], "big")
    return value < share * 2**64


def record_of(author: User) -> Record:
    """How an author's texts fared with second persons, from the beginning."""
    checks = (
        Approval.objects.filter(maker=author, decision__in=[Decision.APPROVED, Decision.REJECTED], edited=False)
        .order_by("decided_at", "pk")
        .values_list("decision", flat=True)
    )
    return counted(decision == Decision.APPROVED for decision in checks)


def remarks(kind: str, pk: int) -> QuerySet[Remark]:
    """What was said about a waiting text, oldest first."""
    return Remark.objects.filter(subject_kind=kind, subject_id=pk).select_related("author").order_by("pk")


def every_glass() -> QuerySet[BrokenGlass]:
    """Texts that left without a second person: what nobody has reviewed on top, then the newest."""
    found = BrokenGlass.objects.select_related("by", "told", "reviewer")
    return found.order_by(F("reviewed_at").desc(nulls_first=True), "-at", "-pk")


def waiting() -> QuerySet[Approval]:
    """The queue, oldest first."""
    return Approval.objects.filter(decision=Decision.WAITING).select_related("maker").order_by("asked_at", "pk")


def approval_of(kind: str, pk: int) -> Approval | None:
    """The latest approval of a subject."""
    return (
        Approval.objects.filter(subject_kind=kind, subject_id=pk)
        .select_related("maker", "checker")
        .order_by("-pk")
        .first()
    )


def labels() -> dict[str, Rule]:
    """Rules by code, to name them to people."""
    return {rule.code: rule for rule in Rule.objects.all()}
