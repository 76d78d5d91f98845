"""Holding two contacts for one person, and taking that back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hilft.audit.commands import look
from hilft.contacts import merging, queries
from hilft.contacts.enums import Evidence
from hilft.desk.contacts.evidence import EvidenceForm
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people.errors import Refusal
from hilft.people.queries import keys_of_person

FOUND = 12


class MergeForm(EvidenceForm):
    """What speaks for it."""

    field_order = ("evidence",)

    evidence = forms.ChoiceField(label=gettext_lazy("What speaks for it"), choices=Evidence)


@staff("conversation.work")
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is the same person: found, looked at, merged with evidence."""
    contact = queries.access_contact(request.user, pk).head
    asked = request.POST.get("other") or request.GET.get("other") or ""
    other = queries.access_contact(request.user, int(asked)).head if asked.isdecimal() else None
    words = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"view": "contacts", "contact": contact, "other": other, "q": words}
    if other is None:
        rows = list(queries.contacts(request.user, search=words).exclude(pk=contact.pk)[:FOUND]) if words else []
        context |= {"rows": rows, "known_as": queries.handles_of(rows)}
        return render(request, "desk/contacts/merge.html", context)
    look(by=request.user, verb="contacts.open", subject=other)
    ours, theirs = keys_of_person(contact), keys_of_person(other)
    initial = {"evidence": request.GET.get("evidence") or Evidence.SAID}
    form = MergeForm(request.POST or None, contacts=[*ours, *theirs], initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = merging.merge(by=request.user, source=other, target=contact, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Held for one person from now on."), undo=reverse("desk:contact-merge-undo", args=[made.pk]))
            return back_to("desk:contact", contact.pk)
    context |= {"form": form, "handles": queries.identities(ours), "their_handles": queries.identities(theirs)}
    return render(request, "desk/contacts/merge.html", context, status=422 if form.errors else 200)


@staff("conversation.work")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Two contacts again; each has what it always had."""
    found = queries.access_merge(request.user, pk)
    apart = merging.undo(by=request.user, merge=found)
    say(request, _("Two contacts again: each has its own messages and notes."))
    return back_to("desk:contact", apart.pk)
