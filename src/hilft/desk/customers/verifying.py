"""The record beside a conversation: verified first, then seen, each look on the record."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from hilft.contacts import verifying
from hilft.contacts.models import CustomerNumber
from hilft.contacts.queries import access_number_in, verification_of
from hilft.customers import asking
from hilft.customers.connector import Trouble
from hilft.customers.models import System
from hilft.desk.customers.record import context_of, shown
from hilft.desk.frame import StaffRequest, back_to, staff
from hilft.inbox.models import Conversation
from hilft.people.errors import Refusal


@staff("conversation.work")
@require_GET
def beside(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """What the customer system says of whoever writes, and the way to what is personal."""
    conversation, link = access_number_in(request.user, pk, number)
    return shown(request, _context(request, conversation, link))


@staff("conversation.work")
@sensitive_post_parameters()
@require_POST
def verification(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Compares what the customer said; nothing of it comes back in the answer."""
    conversation, link = access_number_in(request.user, pk, number)
    made = verifying.verify(by=request.user, conversation=conversation, link=link, said=_said(request))
    if made.passed:
        return back_to("desk:customer-record", pk, number)
    response = shown(request, _context(request, conversation, link) | {"wrong": True})
    response.status_code = 422
    return response


@staff("conversation.work")
@require_POST
def look(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Personal fields, this once."""
    conversation, link = access_number_in(request.user, pk, number)
    try:
        record = asking.record_of(asking.the_system(), number=link.number, key=link.key)
    except Trouble as trouble:
        raise Refusal(str(trouble)) from trouble
    verifying.see_personal(by=request.user, conversation=conversation, link=link)
    return shown(request, _context(request, conversation, link) | {"personal": record.personal})


def _context(request: StaffRequest, conversation: Conversation, link: CustomerNumber) -> dict[str, Any]:
    address = reverse("desk:customer-record", args=[conversation.pk, link.pk])
    context = context_of(request, link, address=address) | {"conversation": conversation}
    system: System | None = context["system"]
    if system is None or "trouble" in context:
        return context
    return context | {
        "verified": verification_of(link, conversation),
        "checks": _checks(system),
        "left": verifying.tries_left(system, link, conversation, request.user),
        "too_often": verifying.too_often(request.user),
    }


def _checks(system: System) -> list[tuple[str, list[tuple[int, Any]]]]:
    """Each check with its fields, numbered as the form names them."""
    places = {field.pointer: place for place, field in enumerate(system.mapping.fields)}
    return [(name, [(places[field.pointer], field) for field in fields]) for name, fields in system.checks.items()]


def _said(request: StaffRequest) -> dict[str, str]:
    """What was typed, by the pointers of the fields."""
    system = asking.the_system()
    fields = system.mapping.fields if system else ()
    return {field.pointer: request.POST.get(f"said-{place}", "")[:200] for place, field in enumerate(fields)}
