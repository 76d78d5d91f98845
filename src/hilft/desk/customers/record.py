"""The customer record beside a conversation and on a contact's page: fetched by the browser afterwards, or a page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hilft.contacts import queries
from hilft.contacts.models import CustomerNumber
from hilft.customers import asking
from hilft.customers.connector import Trouble
from hilft.desk.frame import StaffRequest, is_fragment, staff


@staff("conversation.work")
@require_GET
def of_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """What the customer system says of a number, without anything personal: on a contact's page nobody is verified."""
    return shown(request, context_of(request, queries.access_number(request.user, pk), address=request.path))


def context_of(request: StaffRequest, link: CustomerNumber, *, address: str) -> dict[str, Any]:
    """The record as the system says now, or why there is none; personal fields are not in it, only their number."""
    system = asking.the_system()
    context: dict[str, Any] = {"view": "contacts", "link": link, "system": system}
    try:
        record = asking.record_of(system, number=link.number, key=link.key, again="again" in request.GET)
    except Trouble as trouble:
        lasting = trouble.kind in {"none", "off", "gone", "many"}
        return context | {"trouble": trouble, "retry": "" if lasting else f"{address}?again=1"}
    return context | {"values": record.open, "hidden": len(record.personal)}


def shown(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """The part for a page that fetches it, else a page of its own."""
    name = "desk/customers/record.html" if is_fragment(request) else "desk/customers/page.html"
    return render(request, name, context)
