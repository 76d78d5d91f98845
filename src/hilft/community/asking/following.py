"""Following a question as a guest ("I have it too"): the wish, the proof of the address, and the way out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hilft.channels.portal.models import PortalPost
from hilft.channels.portal.tokens import Expired, Forged, key_of
from hilft.channels.queries import first_mail_account
from hilft.community.asking.forms import FollowForm
from hilft.community.asking.views import closed, void
from hilft.community.language import address, language_of
from hilft.community.questions.screen import public_question
from hilft.inbox.queries import duplicate_of_thread
from hilft.knowledge import followers
from hilft.knowledge.models import Follower, Question
from hilft.knowledge.notices import title_of
from hilft.people.errors import Refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, thread: str) -> HttpResponse:
    """Following what another guest asked; where that is answered elsewhere, following the answer."""
    duplicate = duplicate_of_thread(thread)
    if duplicate:
        return redirect(address(language_of(request), "follow-question", duplicate.question.slug))
    first = PortalPost.objects.filter(thread=UUID(thread), brand=False).order_by("created_at", "pk").first()
    if first is None or first.deleted_at or first.verified_at is None:
        raise Http404
    return _form(request, first.title, thread=UUID(thread))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, slug: str) -> HttpResponse:
    """Following a hosted question: its readers hear when the answer changes."""
    found = public_question(slug)
    return _form(request, title_of(found, language_of(request)), question=found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: opening it shows a button, for programs open links as well; the button confirms."""
    try:
        pk = key_of(token, "follow")
        if request.method == "POST":
            followers.confirm(pk)
            return _done(request, "confirmed")
    except Forged:
        return void(request, "forged")
    except Expired:
        return void(request, "expired")
    except Refusal:
        return _done(request, "left")
    return _ask(request, pk, "confirm")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of every mail; its button forgets the address."""
    try:
        pk = key_of(token, "unfollow")
    except (Forged, Expired):
        return void(request, "forged")
    if request.method == "POST":
        followers.unfollow(pk)
        return _done(request, "left")
    return _ask(request, pk, "leave")


def _form(
    request: HttpRequest, title: str, *, thread: UUID | None = None, question: Question | None = None
) -> HttpResponse:
    if first_mail_account() is None:
        return closed(request)
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = {name: form.cleaned_data[name] for name in ("email", "me_too")}
        try:
            followers.follow(language=language_of(request), thread=thread, question=question, **wish)
            return _done(request, "sent")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if "website" in form.errors:
        return _done(request, "sent")
    shown = {"form": form, "title": title, "robots": "noindex"}
    return render(request, "community/follow.html", shown, status=422 if form.errors else 200)


def _ask(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    follower = Follower.objects.select_related("question").filter(pk=pk).first()
    if follower is None:
        return _done(request, "left")
    shown = {"what": what, "title": followers.title_for(follower), "robots": "noindex"}
    return render(request, "community/follow_ask.html", shown)


def _done(request: HttpRequest, what: str) -> HttpResponse:
    return render(request, "community/follow_done.html", {"what": what, "robots": "noindex"})
