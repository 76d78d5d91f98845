"""What a department sees from a request's mail: one click to say that somebody there takes it on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hilft.channels.portal.tokens import Expired, Forged, key_of
from hilft.community.asking.views import void
from hilft.escalation.commands.handovers import acknowledge
from hilft.escalation.enums import HandOverState
from hilft.escalation.models import Turn


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing, for programs open links as well; a button does. Nothing of the matter is shown."""
    try:
        turn = Turn.objects.select_related("handover__department").filter(pk=key_of(token, "turn")).first()
    except Forged:
        return void(request, "forged")
    except Expired:
        return void(request, "expired")
    if turn is None:
        return void(request, "withdrawn", status=410)
    handover = turn.handover
    waits = turn.ended_at is None and handover.state == HandOverState.OPEN
    if request.method == "POST" and waits:
        acknowledge(by=None, handover=handover)
        turn.refresh_from_db()
        waits = False
    shown = {"handover": handover, "waits": waits, "taken": turn.acknowledged_at is not None, "robots": "noindex"}
    return render(request, "community/turn.html", shown)
