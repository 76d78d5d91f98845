"""Where a network reaches hilft: the address to register, the token that proves it is ours, and registering on X."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hilft.channels.contract import ChannelError, Config, Health
from hilft.channels.queries import access_account
from hilft.channels.registry import KINDS, config_of
from hilft.channels.x.connecting import connect
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.operator.connecting import FORMS


@staff("account.manage")
@require_http_methods(["GET", "POST"])
def webhook(request: StaffRequest, pk: int) -> HttpResponse:
    """Shows what a network has to be told; where hilft can say it by itself, POST does."""
    account = access_account(request.user, pk)
    hook = FORMS[account.kind].hook if account.kind in FORMS else None
    if hook is None or (request.method == "POST" and account.kind != "x"):
        raise Http404
    config, address = config_of(account), f"{settings.HILFT.public_url}/hooks/{account.kind}/"
    streams = bool(config.settings.get("stream"))
    health: Health | None = None
    if request.method == "POST":
        health = _registered(config, "" if streams else address)
        if health.ok:
            say(request, _("X tells hilft from now on what happens around %(name)s.") % {"name": account.name})
            return back_to("desk:account-trial", account.pk)
    context = {
        "view": "accounts",
        "account": account,
        "kind": KINDS[account.kind],
        "hook": hook,
        "address": address,
        "public": _is_public(address),
        "verify_token": config.secrets.get("verify_token", ""),
        "streams": streams,
        "health": health,
    }
    return render(request, "desk/operator/webhook.html", context)


def _is_public(address: str) -> bool:
    """Whether a network could take the address: https, and no port but the usual one."""
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.port in {None, 443}


def _registered(config: Config, address: str) -> Health:
    """What X says to our address; without one, to being told by the stream."""
    try:
        connect(config, address)
    except ChannelError as error:
        return Health(ok=False, message=str(error))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Health(ok=False, message=_("This does not work: %(error)s") % {"error": error})
    return Health(ok=True)
