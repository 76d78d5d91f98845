"""Asking in two steps, and confirming by the link in the mail; all of it without script."""

import uuid
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import View

from hilft.channels.models import Account
from hilft.channels.portal import commands
from hilft.channels.portal.models import PortalPost
from hilft.channels.portal.tokens import Expired, Forged, key_of
from hilft.channels.queries import first_mail_account
from hilft.community.asking import trial
from hilft.community.asking.askers import remember
from hilft.community.asking.forms import QuestionForm, TitleForm
from hilft.community.asking.privacy import exposed, without
from hilft.community.language import address, language_of
from hilft.community.questions.screen import similar_to
from hilft.community.search import tidy
from hilft.knowledge import selfhelp
from hilft.knowledge.enums import AskingEnd
from hilft.people.errors import Refusal

TYPED = 8
"""Letters from which looking for similar questions makes sense."""


@method_decorator(never_cache, name="dispatch")
class Ask(View):
    """The first step shows what is answered already, the second takes the question."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.account = portal_account()
        if self.account is None or first_mail_account() is None:
            return closed(request)
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get(self, request: HttpRequest) -> HttpResponse:
        title = tidy(request.GET.get("title", ""))
        if not title:
            return self.first(request, TitleForm(initial={"title": tidy(request.GET.get("q", ""))}))
        form = TitleForm({"title": title})
        if not form.is_valid():
            return self.first(request, form)
        near = similar_to(title)
        if not near:
            return self.second(request, QuestionForm(initial={"title": title}))
        asking = selfhelp.begin(trial.key_of(request) or uuid.uuid4())
        if "on" in request.GET or asking.held_out:
            response = self.second(request, QuestionForm(initial={"title": title}))
        else:
            response = self.first(request, form, similar=near, title=title)
        return trial.remember(response, asking.key)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = QuestionForm(request.POST)
        if not form.is_valid():
            if "website" in form.errors:
                return redirect(address(language_of(request), "sent"))
            return self.second(request, form, status=422)
        texts = {name: form.cleaned_data[name] for name in ("title", "text")}
        if request.POST.get("privacy") == "mask":
            clean = QuestionForm(request.POST.dict() | without(texts))
            return self.second(request, clean, masked=True)
        if request.POST.get("privacy") != "keep" and (found := exposed(texts)):
            return self.second(request, form, exposed=found)
        return self.keep(request, form)

    def keep(self, request: HttpRequest, form: QuestionForm) -> HttpResponse:
        """Keeps the question until it is confirmed."""
        wanted = {name: form.cleaned_data[name] for name in ("title", "text", "name", "email")}
        assert self.account is not None
        try:
            commands.ask(account=self.account, language=language_of(request), **wanted)
        except commands.TooMany as refusal:
            form.add_error(None, str(refusal))
            return self.second(request, form, status=429)
        if key := trial.key_of(request):
            selfhelp.end(key, AskingEnd.ASKED)
        return trial.forget(redirect(address(language_of(request), "sent")))

    def first(self, request: HttpRequest, form: TitleForm, **shown: object) -> HttpResponse:
        return render(request, "community/ask_title.html", {"form": form, "robots": "noindex"} | shown)

    def second(self, request: HttpRequest, form: QuestionForm, *, status: int = 200, **shown: object) -> HttpResponse:
        return render(request, "community/ask_details.html", {"form": form, "robots": "noindex"} | shown, status=status)


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """The fragment that is fetched while a guest types their question."""
    words = tidy(request.GET.get("title", ""))
    found = similar_to(words) if len(words) >= TYPED else []
    if not found:
        return render(request, "community/similar_rows.html", {"similar": []})
    asking = selfhelp.begin(trial.key_of(request) or uuid.uuid4())
    response = render(request, "community/similar_rows.html", {"similar": [] if asking.held_out else found})
    return trial.remember(response, asking.key)


@never_cache
@require_POST
def solved(request: HttpRequest) -> HttpResponse:
    """Whoever was about to ask says that an answer solved it."""
    if key := trial.key_of(request):
        selfhelp.end(key, AskingEnd.SOLVED)
    return trial.forget(render(request, "community/ask_solved.html", {"robots": "noindex"}))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox."""
    return render(request, "community/ask_sent.html", {"robots": "noindex"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: opening it shows a button, for programs open links as well; the button confirms."""
    try:
        pk = key_of(token, "confirm")
        if request.method == "POST":
            post = commands.confirm(pk)
            back = redirect(address(post.language, "thread", post.thread.hex))
            return remember(request, back, post)
        post = PortalPost.objects.get(pk=pk, deleted_at=None)
    except Forged:
        return void(request, "forged")
    except Expired:
        return void(request, "expired")
    except (Refusal, PortalPost.DoesNotExist):
        return void(request, "gone", status=410)
    return render(request, "community/ask_confirm.html", {"post": post, "robots": "noindex"})


def void(request: HttpRequest, why: str, *, status: int = 403) -> HttpResponse:
    """A link that leads nowhere, and what to do instead."""
    return render(request, "community/ask_void.html", {"why": why, "robots": "noindex"}, status=status)


def closed(request: HttpRequest) -> HttpResponse:
    """Nobody could be answered here at the moment: how to reach us instead."""
    mail = Account.objects.shown().filter(kind="email").order_by("pk").first()
    response = render(request, "community/ask_closed.html", {"mail": mail, "robots": "noindex"}, status=503)
    response["Retry-After"] = "3600"
    return response


def portal_account() -> Account | None:
    """The account that the community's questions come in through."""
    return Account.objects.in_use().filter(kind="portal").order_by("pk").first()
