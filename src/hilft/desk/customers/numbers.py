"""Customer numbers of a contact: found in the customer system, linked with evidence, taken away and brought back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hilft.audit.commands import look
from hilft.contacts import linking, queries
from hilft.contacts.enums import Known
from hilft.customers import asking
from hilft.customers.connector import Trouble
from hilft.customers.enums import By
from hilft.customers.mapping import Record
from hilft.desk.contacts.evidence import EvidenceForm
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people.errors import Refusal
from hilft.people.models import Contact
from hilft.people.queries import keys_of_person


class FindForm(forms.Form):
    """Whom the customer system is asked for."""

    by = forms.ChoiceField(label=gettext_lazy("Search by"), choices=By)
    value = forms.CharField(label=gettext_lazy("What the customer said"), max_length=200)


class NumberForm(EvidenceForm):
    """A number, and how it is known to be this contact's."""

    field_order = ("number", "evidence")

    number = forms.CharField(label=gettext_lazy("Customer number"), max_length=60)
    evidence = forms.ChoiceField(label=gettext_lazy("How it is known"), choices=Known)


@staff("conversation.work")
@sensitive_post_parameters("value")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """Finds a customer and links their number; what is searched for travels in no address."""
    contact = queries.access_contact(request.user, pk)
    context: dict[str, Any] = {"view": "contacts", "contact": contact, "system": asking.the_system()}
    finds = request.POST.get("do") == "find"
    find = FindForm(request.POST if finds else None, initial=_known_of(contact))
    bound = request.POST if request.POST.get("do") == "link" else None
    form = NumberForm(bound, contacts=keys_of_person(contact), initial={"number": request.POST.get("take", "")})
    if finds and find.is_valid():
        context |= _found(request, contact, **find.cleaned_data)
    elif form.is_bound and form.is_valid():
        try:
            made = linking.link_number(by=request.user, contact=contact, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("The number is linked."), undo=reverse("desk:number-remove", args=[made.pk]))
            return back_to("desk:contact", contact.head.pk)
    wrong = bool(form.errors or find.errors)
    return render(
        request, "desk/customers/number.html", context | {"find": find, "form": form}, status=422 if wrong else 200
    )


@staff("conversation.work")
@require_POST
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a number away from a contact."""
    link = queries.access_number(request.user, pk)
    linking.unlink_number(by=request.user, link=link)
    say(request, _("The number is linked no longer."), undo=reverse("desk:number-restore", args=[link.pk]))
    return back_to("desk:contact", link.contact.head.pk)


@staff("conversation.work")
@require_POST
def restoration(request: StaffRequest, pk: int) -> HttpResponse:
    """Brings it back."""
    link = queries.access_removed_number(request.user, pk)
    linking.restore_number(by=request.user, link=link)
    return back_to("desk:contact", link.contact.head.pk)


def _known_of(contact: Contact) -> dict[str, str]:
    """An address that this contact has proven is the likeliest thing to look for."""
    mails = sorted(queries.mails_of([contact.pk]))
    return {"by": By.MAIL, "value": mails[0]} if mails else {}


def _found(request: StaffRequest, contact: Contact, *, by: str, value: str) -> dict[str, Any]:
    """Whom the system knows by this, with nothing personal; that somebody looked stands in the record."""
    look(by=request.user, verb="customers.search", subject=contact, way=by)
    try:
        records: list[Record] = asking.found(asking.the_system(), By(by), value)
    except Trouble as trouble:
        return {"trouble": trouble}
    return {"records": records, "asked": True}
