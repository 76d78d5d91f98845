"""What screens and commands ask about approvals."""

from collections.abc import Mapping

from django.db.models import QuerySet

from hilft.approvals.enums import Decision
from hilft.approvals.models import Approval, Rule
from hilft.approvals.rules import deciding

NOBODY_SAID = "no-rule"


def rule_for(facts: Mapping[str, object]) -> tuple[str, bool]:
    """The deciding rule's code and whether a second person is needed."""
    rule = deciding(Rule.objects.filter(active=True).order_by("position", "pk"), facts)
    return (rule.code, rule.needs_person) if rule else (NOBODY_SAID, True)


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
