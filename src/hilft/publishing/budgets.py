"""What publishing is going to cost, held against the day's budget: beyond it a person is asked, never silently."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from hilft.channels.contract import Action, Ref, Standing
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of
from hilft.channels.spending import is_priced, publish_budget
from hilft.people.errors import Refusal
from hilft.publishing.enums import DeliveryState, How, ItemState
from hilft.publishing.models import CorrectionItem, Delivery


class OverBudget(Refusal):
    """The day's money for publishing is used up by this, or would be; US dollars."""

    def __init__(self, account: Account, price: Decimal, left: Decimal) -> None:
        told = {"price": f"{price:.3f}", "left": f"{left:.3f}", "name": account.name}
        super().__init__(
            _("This costs %(price)s $, and of today's budget for publishing on %(name)s only %(left)s $ are left.")
            % told
        )
        self.account, self.price, self.left = account, price, left


def hold(costs: Mapping[Account, Decimal]) -> None:
    """Raises OverBudget where an account's budget for today does not cover this and what waits to leave already."""
    for account, price in costs.items():
        _budget, left = publish_budget(account)
        if left is None or not price:
            continue
        waiting = Delivery.objects.filter(account=account, state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])
        free = max(Decimal(0), left - waiting.count() * _least(account))
        if price > free:
            raise OverBudget(account, price, free)


def of_corrections(items: Iterable[CorrectionItem]) -> dict[Account, Decimal]:
    """What carrying out planned corrections costs, by account; accounts that charge nothing are left out."""
    costs: dict[Account, Decimal] = {}
    for item in items:
        account = item.placement.account
        if item.state != ItemState.PLANNED or item.how == How.PERSON or not is_priced(account.kind):
            continue
        costs[account] = costs.get(account, Decimal(0)) + _price(item)
    return costs


def _price(item: CorrectionItem) -> Decimal:
    placement = item.placement
    ref = Ref(placement.account.kind, str(placement.account_id), placement.external_id, placement.external_version)
    action: Action = "edit" if item.how == How.EDIT else "reply" if placement.public else "private"
    return adapter_of(placement.account).allowed(action, ref, Standing(text=item.text)).price or Decimal(0)


def _least(account: Account) -> Decimal:
    """What a reply without a link costs there."""
    ref = Ref(account.kind, str(account.pk), "")
    return adapter_of(account).allowed("reply", ref, Standing()).price or Decimal(0)
