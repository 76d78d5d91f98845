"""The way to a question: the start page, topics, and search."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hilft.base.enums import Language
from hilft.community.caching import cached
from hilft.community.language import PORTALS, address, full, language_of
from hilft.community.questions.views import form_of
from hilft.community.search import search as found_for
from hilft.community.search import tidy
from hilft.community.topics import Topic, topic_of, topics
from hilft.knowledge.models import Question
from hilft.knowledge.queries import public_questions

MOST_ASKED = 10
PER_PAGE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then topics, and what is asked most."""
    shown = {
        "topics": topics(),
        "questions": _readable_first(request, public_questions())[:MOST_ASKED],
        "canonical": full(address(language_of(request), "home")),
        "hreflang": [(code, full(address(code, "home"))) for code in PORTALS],
    }
    return cached(request, render(request, "community/home.html", shown))


@require_safe
def listing(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The questions of a topic, or all of them, most asked first."""
    among = topics()
    topic: Topic | None = topic_of(slug, among) if slug else None
    questions = _readable_first(request, public_questions(topic=topic.name if topic else ""))
    page = Paginator(questions, PER_PAGE).get_page(request.GET.get("page"))
    name, arguments = ("topic", [slug]) if slug else ("topics", [])
    query = {"page": str(page.number)} if page.number > 1 else {}
    shown = {
        "topics": among,
        "topic": topic,
        "page": page,
        "canonical": full(address(language_of(request), name, *arguments, **query)),
        "hreflang": [(code, full(address(code, name, *arguments, **query))) for code in PORTALS],
    }
    return cached(request, render(request, "community/topic.html", shown))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found; nothing found leads to asking."""
    words = tidy(request.GET.get("q", ""))
    results = found_for(words, language=language_of(request), form=form_of(request)) if words else []
    shown = {"words": words, "results": results, "robots": "noindex", "topics": [] if results else topics()}
    return cached(request, render(request, "community/search.html", shown))


def _readable_first(request: HttpRequest, questions: QuerySet[Question]) -> QuerySet[Question]:
    """On English pages, what is there in English comes before what is not."""
    if language_of(request) != Language.EN:
        return questions
    return questions.annotate(only_german=Q(title_en="")).order_by("only_german", "-asked", "title", "pk")
