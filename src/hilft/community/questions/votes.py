"""Whether an answer helped: one word per reader, kept apart by a signed cookie that names nobody."""

import secrets
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hilft.community.language import address, full, language_of
from hilft.community.questions.screen import public_question
from hilft.knowledge.commands import vote

READER = "reader"
SALT = "hilft.community.reader"
YEAR = 365 * 24 * 3600


def reader_of(request: HttpRequest) -> str:
    """This reader's random name, or nothing when they have not spoken yet."""
    return request.get_signed_cookie(READER, default="", salt=SALT, max_age=YEAR) or ""


def voter_of(request: HttpRequest) -> str:
    """The reader's name as votes keep it."""
    reader = reader_of(request)
    return sha256(reader.encode()).hexdigest() if reader else ""


@csrf_exempt
@never_cache
@require_POST
def helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts a reader's word on the current version; a second one replaces the first.

    The page is public and cached, so it can carry no token: where the form stood is checked instead.
    """
    question = public_question(slug)
    back = redirect(f"{address(language_of(request), 'question', slug)}#hilfreich")
    said = request.POST.get("helped")
    current = question.answer.current
    if not from_here(request) or said not in {"yes", "no"} or current is None:
        return back
    reader = reader_of(request) or secrets.token_urlsafe(18)
    vote(version=current, voter=reader, helped=said == "yes")
    back.set_signed_cookie(
        READER, reader, salt=SALT, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return back


def from_here(request: HttpRequest) -> bool:
    """Whether the form stood on our own page, by what browsers tell and pages cannot forge."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin in {full(""), f"{request.scheme}://{request.get_host()}"}
