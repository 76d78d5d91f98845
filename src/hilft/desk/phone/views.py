"""The form of a phone note, and the hosted answers beside it."""

import uuid

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hilft.channels.phone.commands import ensure_account, take_down
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.phone.forms import NoteForm
from hilft.desk.phone.screen import suggestion_context
from hilft.inbox.intake import read_new_events
from hilft.inbox.queries import conversation_of


@staff("draft.write")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Takes a note down; "suggest" only looks for hosted answers, for whoever has no script."""
    suggests = request.POST.get("action") == "suggest"
    if request.method == "GET":
        form = NoteForm(initial={"note": uuid.uuid4().hex})
    else:
        form = NoteForm(initial=request.POST.dict()) if suggests else NoteForm(request.POST)
    if form.is_valid():
        return _saved(request, form)
    context = {"view": "phone", "form": form, **suggestion_context(request.POST)}
    return render(request, "desk/phone/new.html", context)


@staff("draft.write")
@require_POST
def suggestions(request: StaffRequest) -> HttpResponse:
    """The hosted answers alone, while somebody types."""
    return render(request, "desk/phone/suggestions.html", suggestion_context(request.POST))


def _saved(request: StaffRequest, form: NoteForm) -> HttpResponse:
    """Stores the note and reads it at once, for whoever took it may answer while the customer waits."""
    with transaction.atomic():
        account = ensure_account()
        note = take_down(by=request.user, note=form.taken(by=request.user))
        read_new_events(account=account)
        conversation = conversation_of(account, note.id)
    if conversation is None:
        say(request, _("The note is kept and will appear as soon as it has been read."))
        return back_to("desk:conversations")
    say(request, _("The note is saved: %(name)s") % {"name": note.name})
    return back_to("desk:conversation", conversation.pk)
