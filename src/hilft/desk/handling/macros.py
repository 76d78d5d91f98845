"""Macros: chosen in a conversation, shown beforehand, run; and where they are kept."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.audit.commands import look
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.handling.forms import Effects, MacroForm, StepForm
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.queries import access_conversation
from hilft.people.errors import Refusal
from hilft.publishing.macros import commands
from hilft.publishing.macros.models import Macro
from hilft.publishing.macros.queries import macros_of, outlook


@staff("draft.write")
@require_GET
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Which macro is run in a conversation."""
    conversation = access_conversation(request.user, pk)
    context = {"view": "open", "conversation": conversation, "rows": macros_of(request.user)}
    return render(request, "desk/handling/macro_choose.html", context)


@staff("draft.write")
@require_http_methods(["GET", "POST"])
def run(request: StaffRequest, pk: int, macro: int) -> HttpResponse:
    """What a macro would write and do here; then it does. Nothing is sent by it."""
    conversation = access_conversation(request.user, pk, action="draft.write")
    found = get_object_or_404(macros_of(request.user), pk=macro)
    if request.method == "POST":
        commands.run(by=request.user, conversation=conversation, macro=found)
        return back_to("desk:conversation", pk)
    look(by=request.user, verb="inbox.open", subject=conversation)
    seen = outlook(by=request.user, conversation=conversation, macro=found)
    context = {"view": "open", "conversation": conversation, "macro": found, "outlook": seen}
    return render(request, "desk/handling/macro_run.html", context)


@staff("draft.write")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The macros that this person can run."""
    return render(request, "desk/handling/macros.html", {"view": "macros", "rows": macros_of(request.user)})


@staff("draft.write")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """A macro, new or known."""
    macro = get_object_or_404(macros_of(request.user), pk=pk) if pk else None
    first: dict[str, Any] = {"mine": True}
    if macro:
        first = {name: getattr(macro, name) for name in ("label", "team", "question", "text", "text_en")}
        first["mine"] = macro.owner_id is not None
    form = MacroForm(request.POST or None, initial=first)
    now, sent = (Effects(request.POST or None, prefix=name, initial=_told(macro, name)) for name in ("now", "sent"))
    if request.method == "POST" and all(part.is_valid() for part in (form, now, sent)):
        steps = {"now": _wanted(now), "sent": _wanted(sent)}
        try:
            commands.save_macro(by=request.user, macro=macro, **(form.cleaned_data | steps))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("The macro is saved."))
            return back_to("desk:macros")
    context = {"view": "macros", "macro": macro, "form": form, "now": now, "sent": sent}
    return render(request, "desk/handling/macro.html", context)


@staff("draft.write")
@require_POST
def deletion(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a macro out for good."""
    commands.delete_macro(by=request.user, macro=get_object_or_404(macros_of(request.user), pk=pk))
    say(request, _("The macro is gone."))
    return back_to("desk:macros")


def _told(macro: Macro | None, name: str) -> list[dict[str, Any]] | None:
    return [StepForm.told(kept) for kept in getattr(macro, name)] if macro else None


def _wanted(effects: Any) -> list[Wanted]:
    return [one.wanted() for one in effects if one.cleaned_data.get("do")]
