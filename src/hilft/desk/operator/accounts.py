"""Accounts and their health: connect, pause, resume, renew secrets, remove; events that could not be read."""

import secrets as randomness

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.channels import commands, ledger
from hilft.channels.contract import Config, Health
from hilft.channels.enums import AccountState
from hilft.channels.models import Account
from hilft.channels.queries import access_account, access_event, accounts_with_health, failed_events
from hilft.channels.registry import KINDS, built_in, config_of
from hilft.desk.frame import StaffRequest, back_to, is_fragment, page_of, say, staff
from hilft.desk.operator.connecting import FORMS, ReconnectForm, try_out
from hilft.desk.operator.forms import ConnectForm
from hilft.people.errors import Refusal
from hilft.people.queries import require
from hilft.people.rules import may
from hilft.publishing.commands.stuck import resume_account
from hilft.publishing.queries import queued_by_account


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Every account with what it says of itself."""
    if not may(request.user, "account.manage"):
        require(request.user, "health.see")
    accounts = list(accounts_with_health())
    context = {
        "view": "accounts",
        "accounts": accounts,
        "connected": any(not built_in(account.kind) for account in accounts),
        "built_in": [kind for kind in KINDS if built_in(kind)],
        "queued": queued_by_account(),
        "page": page_of(request, failed_events(), size=20),
        "manages": may(request.user, "account.manage"),
        "kinds": [KINDS[kind] for kind in FORMS],
        "hooked": [kind for kind, form in FORMS.items() if form.hook],
        "tryable": list(FORMS),
        "with_secrets": [kind for kind, form in FORMS.items() if form.SECRETS],
    }
    template = "list.html" if is_fragment(request) else "accounts.html"
    return render(request, f"desk/operator/{template}", context)


@staff("account.manage")
@require_http_methods(["GET", "POST"])
def connect(request: StaffRequest, kind: str) -> HttpResponse:
    """Tries the credentials out, shows the network's answer, and saves only what works."""
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST or None)
    health: Health | None = None
    if request.method == "POST" and form.is_valid():
        token = request.session.setdefault("token_key", randomness.token_hex(16)) if kind == "email" else ""
        secrets = form.secrets() | ({"token_key": token} if token else {})
        facts = ledger.values(kind)
        config = Config(account="new", handle="", settings=form.settings(), secrets=secrets, facts=facts)
        health = form.recognised(config, try_out(kind, config))
        if health.ok and request.POST.get("action") == "connect":
            request.session.pop("token_key", None)
            return _connected(request, form, health, secrets)
    context = {"view": "accounts", "form": form, "kind": KINDS[kind], "health": health}
    return render(request, "desk/operator/connect.html", context)


def _connected(request: StaffRequest, form: ConnectForm, health: Health, secrets: dict[str, str]) -> HttpResponse:
    account = commands.connect_account(
        by=request.user,
        kind=form.kind,
        name=form.cleaned_data["name"],
        handle=form.handle(health),
        network=form.network(),
        settings=form.settings(),
        secrets=secrets,
    )
    say(request, _("Connected: %(name)s. hilft listens from now on.") % {"name": account.name})
    return back_to("desk:account-webhook" if form.hook else "desk:account-trial", account.pk)


@staff("account.manage")
@require_POST
def state(request: StaffRequest, pk: int) -> HttpResponse:
    """Pauses, resumes or removes an account."""
    account = access_account(request.user, pk)
    wanted = request.POST.get("state", "")
    if wanted not in {AccountState.ACTIVE, AccountState.PAUSED, AccountState.REMOVED}:
        raise Refusal(_("Choose one of the states."))
    if built_in(account.kind):
        raise Refusal(_("This account is hilft's own and always there."))
    if wanted == AccountState.ACTIVE:
        _must_work(account, config_of(account))
    commands.set_state(by=request.user, account=account, state=AccountState(wanted))
    if wanted == AccountState.ACTIVE:
        resume_account(account)
    say(request, f"{account.name}: {AccountState(wanted).label}")
    return back_to("desk:accounts")


@staff("account.manage")
@require_http_methods(["GET", "POST"])
def reconnect(request: StaffRequest, pk: int) -> HttpResponse:
    """New secrets for an account, tried out before they replace the old ones."""
    account = access_account(request.user, pk)
    if account.kind not in FORMS or not FORMS[account.kind].SECRETS:
        raise Http404
    form = ReconnectForm(account, request.POST or None)
    health: Health | None = None
    if request.method == "POST" and form.is_valid():
        config = form.config()
        health = try_out(account.kind, config)
        if health.ok:
            commands.connect_account(
                by=request.user,
                kind=account.kind,
                name=account.name,
                handle=account.handle,
                network=account.network,
                settings=account.settings,
                secrets=dict(config.secrets),
            )
            resume_account(account)
            say(request, _("Connected again: %(name)s. What waited goes on now.") % {"name": account.name})
            return back_to("desk:accounts")
    context = {"view": "accounts", "form": form, "account": account, "health": health, "kind": KINDS[account.kind]}
    return render(request, "desk/operator/reconnect.html", context)


@staff("account.manage")
@require_POST
def read_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts an event that could not be read back in line."""
    commands.read_again(by=request.user, event=access_event(request.user, pk))
    say(request, _("It is being read again."))
    return back_to("desk:accounts")


def _must_work(account: Account, config: Config) -> None:
    health = try_out(account.kind, config)
    if not health.ok:
        raise Refusal(_("The network says: %(message)s Enter new secrets instead.") % {"message": health.message})
