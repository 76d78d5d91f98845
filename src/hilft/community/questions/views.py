"""The question page, its versions, and one version by its lasting address."""

from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hilft.base.enums import Address, Language
from hilft.base.markdown import to_text
from hilft.community.caching import cached
from hilft.community.language import PORTALS, address, full, language_of
from hilft.community.questions.linked import qa_page
from hilft.community.questions.screen import (
    changed_at,
    current,
    helped,
    is_in_english,
    places,
    public_question,
    published,
    similar,
    text_for,
)
from hilft.community.questions.votes import voter_of
from hilft.community.search import default_form
from hilft.community.topics import slug_of
from hilft.knowledge.followers import too
from hilft.knowledge.models import Question, Text, Version

FORM = "anrede"
YEAR = 365 * 24 * 3600


class Change(NamedTuple):
    """A version beside the one before it, as plain text."""

    version: Version
    before: str
    after: str


@require_safe
def question(request: HttpRequest, slug: str) -> HttpResponse:
    """The hosted answer as it holds now."""
    found = public_question(slug)
    version = current(found)
    text = text_for(version, language=language_of(request), form=form_of(request))
    votes = helped(version, voter_of(request))
    shown = _shared(request, found, version, text) | {
        "version": version,
        "votes": votes,
        "places": places(found),
        "similar": similar(found),
        "too": too(question=found),
        "follow_url": address(language_of(request), "follow-question", found.slug),
        "data": qa_page(found, version, text, votes),
        "is_current": True,
    }
    response = render(request, "community/question.html", shown)
    return cached(request, remember_form(request, response), changed_at(found, version))


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version as it was published, by an address that lasts."""
    found = public_question(slug)
    chosen = next((v for v in published(found) if v.number == number), None)
    if chosen is None:
        raise Http404
    text = text_for(chosen, language=language_of(request), form=form_of(request))
    shown = _shared(request, found, chosen, text) | {
        "version": chosen,
        "is_current": chosen == current(found),
        "robots": "noindex",
        "hreflang": [],
    }
    response = render(request, "community/version.html", shown)
    return cached(request, remember_form(request, response), changed_at(found, current(found)))


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """How the answer changed: every published version against the one before, newest first."""
    found = public_question(slug)
    all_of_them = published(found)
    language, form = language_of(request), form_of(request)
    texts = [to_text(text_for(v, language=language, form=form).body) for v in all_of_them]
    changes = [Change(v, b, a) for v, (a, b) in zip(all_of_them, pairwise([*texts, ""]), strict=True)]
    shown = _shared(request, found, current(found), text_for(current(found), language=language, form=form))
    response = render(
        request, "community/versions.html", shown | {"changes": changes, "robots": "noindex", "hreflang": []}
    )
    return cached(request, remember_form(request, response), changed_at(found, current(found)))


def form_of(request: HttpRequest) -> str:
    """Sie or du, as chosen on this page or an earlier one."""
    return default_form(request.GET.get(FORM) or request.COOKIES.get(FORM))


def remember_form(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keeps the choice for the next pages."""
    chosen = request.GET.get(FORM)
    if chosen in {Address.SIE, Address.DU} and chosen != request.COOKIES.get(FORM):
        response.set_cookie(FORM, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def _shared(request: HttpRequest, found: Question, version: Version, text: Text) -> dict[str, object]:
    """What the pages of one question have in common; search engines are led to one page per language."""
    here = language_of(request)
    english = is_in_english(found)
    served = here if here == Language.DE or english else Language.DE
    languages = list(PORTALS) if english else [Language.DE]
    return {
        "question": found,
        "text": text,
        "checked_at": _checked(found, version),
        "foreign": here != text.language,
        "forms": _forms(version, text),
        "topic_slug": slug_of(found.topic),
        "canonical": full(address(served, "question", found.slug)),
        "hreflang": [(code, full(address(code, "question", found.slug))) for code in languages] if english else [],
        "robots": "" if served == here else "noindex",
    }


def _checked(found: Question, version: Version) -> datetime | None:
    is_current = version.pk == current(found).pk
    checked: datetime | None = found.answer.checked_at if is_current else version.published_at
    return checked or version.published_at


def _forms(version: Version, text: Text) -> list[tuple[str, str, bool]]:
    """The forms of address to choose from: none when there is but one German text, or the text is English."""
    forms = {t.address for t in version.texts.all() if t.language == Language.DE}
    if text.language != Language.DE or len(forms) < 2:
        return []
    return [(form, label, form == text.address) for form, label in ((Address.SIE, "Sie"), (Address.DU, "du"))]
