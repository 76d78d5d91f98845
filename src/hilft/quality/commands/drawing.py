"""Drawing published replies for review, each at most once, by the plans' seeds."""

from collections.abc import Iterator

from django.db import transaction

from hilft.approvals.enums import Tier
from hilft.approvals.models import Approval, BrokenGlass, Remark
from hilft.approvals.queries import labels
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.publishing.models import Placement
from hilft.publishing.rules import subject_of
from hilft.quality.models import Plan, Sample
from hilft.quality.queries import newest_card
from hilft.quality.rules import WINDOW, Reply, falls_under, lot


@transaction.atomic
def draw() -> int:
    """Draws what each plan asks for; returns how many. Again, it draws nothing anew: a reply's lot never changes.

    Replies by people only: not what hilft wrote, not corrections, and not replies to many, of which there is one text.
    """
    count = 0
    tiers = {code: rule.tier for code, rule in labels().items()}
    for plan in Plan.objects.select_for_update().filter(active=True).order_by("pk"):
        drawn = [_sample(plan, pk) for pk in _chosen(plan, tiers)]
        if drawn:
            record(by=None, verb="quality.draw", subject=plan, drawn=len(drawn))
            tell("quality", drawn=len(drawn))
        count += len(drawn)
    return count


def _chosen(plan: Plan, tiers: dict[str, int]) -> Iterator[int]:
    """The replies whose lot lies below the plan's share."""
    found = Placement.objects.filter(
        published_at__gte=max(plan.since, now() - WINDOW),
        delivery__draft__isnull=False,
        delivery__draft__group=None,
        sample=None,
    )
    facts = ("pk", "account__kind", "rule", "delivery__draft__facts", "delivery__draft__sampled")
    for pk, kind, rule, known, marked in found.order_by("pk").values_list(*facts):
        told = known or {}
        reply = Reply(kind, tiers.get(rule, Tier.PERSON), told.get("author_share") == 1, marked)
        ours = falls_under(reply, whose=plan.whose, channel=plan.channel, tiers=plan.tiers)
        if ours and not told.get("machine") and lot(plan.seed, "drawn", pk) * 100 < plan.percent:
            yield pk


def _sample(plan: Plan, pk: int) -> Sample:
    placement = Placement.objects.select_related("delivery__draft").get(pk=pk)
    return Sample.objects.create(
        plan=plan,
        placement=placement,
        scorecard=newest_card(plan.card),
        author_id=placement.author_id,
        hands=sorted(_hands(placement)),
        lot=lot(plan.seed, "drawn", pk),
        percent=plan.percent,
        twice=lot(plan.seed, "twice", pk) * 100 < plan.twice_percent,
        drawn_at=now(),
    )


def _hands(placement: Placement) -> set[int]:
    """Who wrote, changed, released, rejected, asked about or answers for this text: they know whose it is."""
    draft = placement.delivery.draft
    found: set[int | None] = {placement.author_id, placement.approver_id}
    if draft:
        kind, pk = subject_of(draft)
        found.add(draft.author_id)
        for seen in (
            Approval.objects.filter(subject_kind=kind, subject_id=pk).values_list("maker", "checker"),
            BrokenGlass.objects.filter(subject_kind=kind, subject_id=pk).values_list("by", "told", "reviewer"),
            Remark.objects.filter(subject_kind=kind, subject_id=pk).values_list("author"),
        ):
            found.update(*seen)
    return {one for one in found if one is not None}
