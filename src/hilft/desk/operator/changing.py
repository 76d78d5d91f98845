"""Changing an account that is connected: the form that connected it, with its settings and without its secrets."""

from typing import Any

import msgspec
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hilft.channels import commands
from hilft.channels.contract import Health
from hilft.channels.models import Account
from hilft.channels.queries import access_account
from hilft.channels.registry import KINDS, config_of
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.operator.connecting import FORMS, try_out
from hilft.desk.operator.forms import ConnectForm


@staff("account.manage")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Tries changed settings out with the secrets that are there, and saves only what works."""
    account = access_account(request.user, pk)
    if account.kind not in FORMS:
        raise Http404
    form = change_form(account, request.POST if request.method == "POST" else None)
    health: Health | None = None
    if form.is_bound and form.is_valid():
        settings = changed_settings(account, form)
        health = Health(ok=True) if settings == account.settings else _tried(account, form, settings)
        if health.ok:
            commands.change_account(by=request.user, account=account, name=form.cleaned_data["name"], settings=settings)
            say(request, _("Saved: %(name)s.") % {"name": form.cleaned_data["name"]})
            return back_to("desk:accounts")
    context = {"view": "accounts", "account": account, "form": form, "kind": KINDS[account.kind], "health": health}
    context["has_secrets"] = bool(form.SECRETS)
    return render(request, "desk/operator/change.html", context)


def change_form(account: Account, data: Any) -> ConnectForm:
    """The form of the account's kind, filled in; what says which account it is cannot be changed."""
    handle = {"handle_name": account.settings.get("handle", "")}
    form = FORMS[account.kind](data, initial={**handle, **account.settings, "name": account.name})
    hidden = [name for name in form.fields if name in form.SECRETS]
    if account.settings.get("inbound") == "receiver":
        hidden += [name for name in form.fields if name.startswith("imap_")]
    for name in hidden:
        del form.fields[name]
    for name in form.FIXED:
        form.fields[name].disabled = True
    return form


def changed_settings(account: Account, form: ConnectForm) -> dict[str, object]:
    """The account's settings with what the form asks for; what it does not ask stays.

    The name under which mails leave follows the account's, unless it was another one before.
    """
    asked = set(form.fields) - {"name"}
    settings = {name: value for name, value in account.settings.items() if name not in asked}
    settings |= {name: value for name, value in form.settings().items() if name in asked}
    if settings.get("name") == account.name:
        settings["name"] = form.cleaned_data["name"]
    fixed = {name: account.settings[name] for name in form.FIXED if name in account.settings}
    return settings | fixed


def _tried(account: Account, form: ConnectForm, settings: dict[str, object]) -> Health:
    """What the network says to the new settings; another account's answer is a refusal."""
    config = msgspec.structs.replace(config_of(account), settings=settings)
    health = form.recognised(config, try_out(account.kind, config))
    if health.ok and form.handle(health).casefold() != account.handle.casefold():
        message = _("These settings lead to another account, %(handle)s. Connect it as one of its own.")
        return Health(ok=False, message=message % {"handle": form.handle(health)})
    return health
