"""What programs read: the feed of new answers, the site map, and what crawlers may fetch."""

from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilft.base.enums import Address, Language
from hilft.base.markdown import to_html
from hilft.community.caching import cached
from hilft.community.language import PORTALS, address, full, language_of
from hilft.community.questions.screen import current, is_in_english, text_for
from hilft.knowledge.models import Question, Text

NEWEST = 30
MOST = 20_000
"""Questions in one site map: a third of what its format allows, since each has an address per language."""


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The answers that were published last, as Atom."""
    here = language_of(request)
    questions = list(_with_texts().order_by("-answer__current__published_at", "-pk")[:NEWEST])
    atom = Atom1Feed(
        title=_("%(brand)s: new and changed answers") % {"brand": settings.HILFT.brand},
        link=full(address(here, "home")),
        description="",
        language=here,
        feed_url=full(address(here, "feed")),
        feed_guid=full(address(here, "feed")),
    )
    for question in questions:
        version = current(question)
        english = here == Language.EN and bool(question.title_en)
        atom.add_item(
            title=question.title_en if english else question.title,
            link=full(address(here, "question", question.slug)),
            unique_id=full(address(here, "version", question.slug, version.number)),
            description=to_html(text_for(version, language=here, form=Address.SIE).body),
            updateddate=version.published_at,
            pubdate=version.published_at,
        )
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return cached(request, response, _newest(questions))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public question in each of its languages, with the day it last changed."""
    questions = list(_with_texts().order_by("pk")[:MOST])
    rows = []
    for question in questions:
        languages = list(PORTALS) if is_in_english(question) else [Language.DE]
        links = [(code, full(address(code, "question", question.slug))) for code in languages]
        rows += [{"url": url, "at": current(question).published_at, "links": links} for _code, url in links]
    homes = [full(address(code, "home")) for code in PORTALS]
    response = render(request, "community/sitemap.xml", {"rows": rows, "homes": homes}, content_type="application/xml")
    return cached(request, response, _newest(questions))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read what is public; the desk and forms are no pages for them."""
    closed = ["/desk/", "/konto/", *(address(code, "search") for code in PORTALS)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {full('/sitemap.xml')}", ""]
    return cached(request, HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def _with_texts() -> QuerySet[Question]:
    texts = Prefetch("answer__current__texts", Text.objects.order_by("pk"))
    return Question.objects.public().select_related("answer__current").prefetch_related(texts)


def _newest(questions: list[Question]) -> datetime | None:
    days = (current(question).published_at for question in questions)
    return max((day for day in days if day), default=None)
