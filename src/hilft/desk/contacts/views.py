"""The list of contacts, and a contact's page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.audit.commands import look
from hilft.contacts import queries
from hilft.desk.contacts.screen import page_context
from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.people.commands import set_form
from hilft.people.enums import Form
from hilft.people.errors import Refusal


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Everybody who wrote to us, one row a person."""
    words = request.GET.get("q", "").strip()
    if words:
        look(by=request.user, verb="contacts.search", words=words)
    page = page_of(request, queries.contacts(request.user, search=words))
    rows = list(page.object_list)
    context = {"view": "contacts", "q": words, "page": page, "rows": rows, "known_as": queries.handles_of(rows)}
    return render(request, "desk/contacts/index.html", context)


@staff()
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One person; a contact that is held for one person with another leads there."""
    contact = queries.access_contact(request.user, pk)
    if contact.merged_into_id:
        return back_to("desk:contact", contact.merged_into_id)
    look(by=request.user, verb="contacts.open", subject=contact)
    return render(request, "desk/contacts/show.html", page_context(request, contact))


@staff("conversation.work")
@require_POST
def form_of_address(request: StaffRequest, pk: int) -> HttpResponse:
    """Sie or du, as the person wants it under this identity."""
    contact = queries.access_contact(request.user, pk)
    form = request.POST.get("form", "")
    if form not in Form.values:
        raise Refusal(_("Choose one of those that are offered."))
    set_form(by=request.user, contact=contact, form=form)
    say(request, _("New conversations begin with this form of address."))
    return back_to("desk:contact", contact.head.pk)
