"""Notes on a contact: written, changed, deleted and brought back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hilft.contacts import noting, queries
from hilft.desk.frame import StaffRequest, back_to, chosen, say, staff
from hilft.people.queries import same_person


@staff("conversation.work")
@require_POST
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """A note about one of a person's contacts."""
    contact = queries.access_contact(request.user, pk)
    if "about" in request.POST:
        contact = chosen(request, "about", same_person(contact))
    noting.note(by=request.user, contact=contact, text=request.POST.get("text", ""))
    say(request, _("Noted."))
    return back_to("desk:contact", contact.head.pk)


@staff("conversation.work")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Another wording of a note, above what it said before."""
    note = queries.access_note(request.user, pk)
    if request.method == "POST":
        noting.change_note(by=request.user, note=note, text=request.POST.get("text", ""))
        say(request, _("Changed. What it said before is kept."))
        return back_to("desk:contact", note.contact.head.pk)
    versions = note.versions.select_related("by").order_by("-pk")
    return render(request, "desk/contacts/note.html", {"view": "contacts", "note": note, "versions": versions})


@staff("conversation.work")
@require_POST
def deletion(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a note away."""
    note = queries.access_note(request.user, pk)
    noting.delete_note(by=request.user, note=note)
    say(request, _("The note is deleted."), undo=reverse("desk:contact-note-restore", args=[note.pk]))
    return back_to("desk:contact", note.contact.head.pk)


@staff("conversation.work")
@require_POST
def restoration(request: StaffRequest, pk: int) -> HttpResponse:
    """Brings a deleted note back."""
    note = queries.access_note(request.user, pk)
    noting.restore_note(by=request.user, note=note)
    return back_to("desk:contact", note.contact.head.pk)
