"""What each network allows, as one table and as all facts of one network; operators change facts in place."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.channels import commands
from hilft.channels.capabilities import Capabilities, Known, network, networks
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.networks.forms import FactForm
from hilft.people.errors import Refusal
from hilft.people.rules import may


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All networks beside each other."""
    return render(request, "desk/networks/index.html", {"view": "networks", "networks": networks()})


@staff()
@require_GET
def show(request: StaffRequest, kind: str) -> HttpResponse:
    """One network with every fact, its source and its state."""
    return _page(request, _found(kind))


@staff("account.manage")
@require_POST
def change(request: StaffRequest, kind: str, name: str) -> HttpResponse:
    """What holds here instead of what ships; what is not understood is said beside what was typed."""
    found = _found(kind)
    known = _fact(found, name)
    form = FactForm(known, request.POST)
    if form.is_valid():
        try:
            commands.change_fact(by=request.user, kind=kind, name=name, **form.cleaned_data)
        except Refusal as reason:
            form.add_error("source" if not form.cleaned_data["source"].strip() else "value", str(reason))
        else:
            undo = "" if known.override else reverse("desk:fact-restore", args=[kind, name])
            say(request, _("Changed. It holds from now on, also for replies that already wait."), undo=undo)
            return back_to("desk:network", kind)
    return _page(request, found, wrong={name: form}, status=422)


@staff("account.manage")
@require_POST
def restore(request: StaffRequest, kind: str, name: str) -> HttpResponse:
    """Lets a fact be again what ships."""
    _fact(_found(kind), name)
    commands.restore_fact(by=request.user, kind=kind, name=name)
    say(request, _("What ships with hilft holds again."))
    return back_to("desk:network", kind)


def _found(kind: str) -> Capabilities:
    try:
        return network(kind)
    except LookupError as error:
        raise Http404 from error


def _fact(found: Capabilities, name: str) -> Known:
    for known in found.facts:
        if known.name == name:
            return known
    raise Http404


def _page(
    request: StaffRequest, found: Capabilities, *, wrong: dict[str, FactForm] | None = None, status: int = 200
) -> HttpResponse:
    manages = may(request.user, "account.manage")
    forms = {known.name: FactForm(known) for known in found.facts} if manages else {}
    context = {
        "view": "networks",
        "network": found,
        "manages": manages,
        "forms": forms | (wrong or {}),
        "wrong": wrong or {},
    }
    return render(request, "desk/networks/show.html", context, status=status)
