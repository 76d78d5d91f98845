"""The record on a screen: who did what, the state of its chain, export, and erasing details that must go."""

from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.audit import commands
from hilft.audit.giving_out import FORMATS
from hilft.audit.models import Entry
from hilft.audit.queries import Asked, entries, head, last_verification, written_since
from hilft.audit.witnesses import last_witness
from hilft.base.clock import now
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.record.forms import SearchForm
from hilft.desk.record.subjects import NEEDS, PAGES, SUBJECTS
from hilft.desk.record.words import KINDS, VERBS
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.rules import may

SHOWN = 40


@staff("audit.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The newest entries asked for; older ones from a number on, so that a page stays what it was while more come."""
    form = SearchForm(request.GET)
    asked = form.asked()
    commands.look(by=request.user, verb="audit.search", asked=_told(asked))
    before = _before(request)
    found = entries(asked).filter(pk__lt=before) if before else entries(asked)
    shown = list(found[: SHOWN + 1])
    context = {
        "view": "record",
        "form": form,
        "rows": [_row(request.user, entry) for entry in shown[:SHOWN]],
        "older": shown[SHOWN - 1].pk if len(shown) > SHOWN else None,
        "before": before,
        "narrowed": any(asked),
        "erases": may(request.user, "audit.erase"),
        **_chain(),
    }
    return render(request, "desk/record/index.html", context)


@staff("audit.see")
@require_GET
def export(request: StaffRequest) -> HttpResponse:
    """What was asked for as a file, oldest first; that it was taken out stands in the record."""
    form = FORMATS.get(request.GET.get("format", ""), FORMATS["ndjson"])
    name = "csv" if form is FORMATS["csv"] else "ndjson"
    asked = SearchForm(request.GET).asked()
    commands.record(by=request.user, verb="audit.export", subject=None, format=name, asked=_told(asked))
    response = StreamingHttpResponse(form.lines(asked), content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="hilft-record-{now():%Y-%m-%d}.{name}"'
    return cast(HttpResponse, response)  # Django streams where a response is expected


@staff("audit.see")
@require_POST
def verification(request: StaffRequest) -> HttpResponse:
    """Has the whole chain walked by a worker."""
    commands.ask_to_verify(by=request.user)
    say(request, _("The record is being verified. Reload this page in a moment."))
    return back_to("desk:record")


@staff("audit.erase")
@require_POST
def erasure(request: StaffRequest, pk: int) -> HttpResponse:
    """Empties an entry's details for a reason."""
    entry, reason = get_object_or_404(Entry, pk=pk), request.POST.get("reason", "").strip()
    if not reason:
        raise Refusal(_("Say why the details must go: the reason stays in the record."))
    if entry.verb.startswith("audit."):
        raise Refusal(_("What was done to the record itself is not erased."))
    commands.erase(by=request.user, entry=entry, reason=reason)
    say(request, _("The details are erased. That they were there, and your reason, stay."))
    return back_to("desk:record")


def _row(user: User, entry: Entry) -> dict[str, object]:
    kind = entry.subject_kind
    page = PAGES.get(kind) if may(user, NEEDS.get(kind, "desk.see")) else None
    return {
        "entry": entry,
        "says": VERBS.get(entry.verb, entry.verb),
        "subject": SUBJECTS.get(kind, kind),
        "url": reverse(page, args=[entry.subject_id]) if page and entry.subject_id else "",
        "details": sorted(entry.data.items()),
        "erased": entry.salt is None,
        "erasable": bool(entry.data) and not entry.verb.startswith("audit."),
    }


def _chain() -> dict[str, object]:
    last, verified = head(), last_verification()
    found = str(verified.data.get("found", "")) if verified else ""
    kind, _space, place = found.partition(" ")
    return {
        "head": last,
        "digest": bytes(last.digest).hex() if last else "",
        "unsealed": written_since(last),
        "witness": last_witness(),
        "verified": verified,
        "damage": f"{KINDS.get(kind, kind)} {place}".strip(),
    }


def _told(asked: Asked) -> dict[str, object]:
    """What was asked, as an entry keeps it."""
    return {name: str(value) for name, value in asked._asdict().items() if value}


def _before(request: HttpRequest) -> int | None:
    given = request.GET.get("before", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
