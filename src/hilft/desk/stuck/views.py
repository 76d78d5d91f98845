"""Deliveries that hilft could not bring to an end: a person looks, and says what is so."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hilft.desk.frame import StaffRequest, is_fragment, page_of, staff
from hilft.people.rules import may
from hilft.publishing.queries import needing_person


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Each with its error, its text and its place, oldest first."""
    context = {
        "view": "stuck",
        "page": page_of(request, needing_person()),
        "decides": may(request.user, "draft.write"),
    }
    template = "rows.html" if is_fragment(request) else "index.html"
    return render(request, f"desk/stuck/{template}", context)
