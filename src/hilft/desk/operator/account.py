"""One account: how it is, what it may cost a day, and what was missed while it could not be heard."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hilft.base.clock import now
from hilft.channels import commands
from hilft.channels.models import Account
from hilft.channels.queries import access_account, account_with_health, gaps_of
from hilft.channels.registry import KINDS, built_in, sample
from hilft.channels.spending import BUDGETS, budgets, is_priced
from hilft.channels.watch import AHEAD
from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.desk.operator.connecting import FORMS
from hilft.people.rules import may
from hilft.publishing.queries import queued_by_account, queued_on

MOST = 20


class BudgetForm(forms.Form):
    """US dollars a day for reading and for publishing."""

    reading = forms.DecimalField(
        label=gettext_lazy("US dollars a day for reading"),
        localize=True,
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy(
            "When they are spent, hilft looks for nothing new there until midnight UTC. 0 is no limit."
        ),
    )
    publishing = forms.DecimalField(
        label=gettext_lazy("US dollars a day for publishing"),
        localize=True,
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("The composer shows what is left of them. 0 is no limit."),
    )

    def __init__(self, account: Account, data: Any = None) -> None:
        initial = {what: Decimal(str(account.settings.get(name) or 0)) for what, name in BUDGETS.items()}
        super().__init__(data, initial=initial)


@staff("health.see")
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything that is known of one account's health."""
    return _page(request, pk)


@staff("account.manage")
@require_POST
def budget(request: StaffRequest, pk: int) -> HttpResponse:
    """Changes what an account may cost a day."""
    account = access_account(request.user, pk)
    form = BudgetForm(account, request.POST)
    if not is_priced(account.kind) or not form.is_valid():
        return _page(request, pk, form=form, status=422)
    commands.set_budgets(by=request.user, account=account, **form.cleaned_data)
    say(request, _("Saved: %(name)s") % {"name": account.name})
    return back_to("desk:account", pk)


def _page(request: StaffRequest, pk: int, *, form: BudgetForm | None = None, status: int = 200) -> HttpResponse:
    account = account_with_health(request.user, pk)
    manages = may(request.user, "account.manage")
    context = {
        "view": "accounts",
        "account": account,
        "manages": manages,
        "built_in": [kind for kind in KINDS if built_in(kind)],
        "hooked": [kind for kind, one in FORMS.items() if one.hook],
        "with_secrets": [kind for kind, one in FORMS.items() if one.SECRETS],
        "queued": queued_by_account(),
        "waiting": queued_on(account)[:MOST],
        "gaps": page_of(request, gaps_of(account), size=MOST),
        "streams": hasattr(sample(account.kind), "streams"),
        "ends_soon": account.expires_at is not None and account.expires_at - now() < AHEAD,
        "both": budgets([account])[account.pk] if is_priced(account.kind) else None,
        "form": form or (BudgetForm(account) if manages and is_priced(account.kind) else None),
    }
    return render(request, "desk/operator/show.html", context, status=status)
