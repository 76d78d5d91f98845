"""A guest's question with our replies, and what its asker may do there."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hilft.channels.portal import commands
from hilft.channels.portal.models import PortalPost
from hilft.channels.portal.tokens import Expired, Forged, key_of, link_for
from hilft.community.asking.askers import is_asker, remember
from hilft.community.asking.forms import AdditionForm
from hilft.community.asking.privacy import exposed, without
from hilft.community.asking.views import void
from hilft.community.caching import cached
from hilft.community.language import address, full, language_of
from hilft.inbox.models import Conversation, Duplicate
from hilft.inbox.queries import duplicate_of_thread
from hilft.knowledge.enums import Likeness
from hilft.knowledge.followers import too
from hilft.knowledge.models import Question
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.rules import may


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, thread: str) -> HttpResponse:
    """The thread for everybody; its asker adds to it here."""
    posts = _posts(thread)
    first = posts[0]
    if first.deleted_at:
        return void(request, "withdrawn", status=410)
    asker = is_asker(request, thread)
    if request.method == "POST":
        if not asker:
            raise PermissionDenied
        return _add(request, posts)
    response = _show(request, posts, form=AdditionForm() if asker else None)
    if asker:
        response["Cache-Control"] = "private, no-store"
        return response
    return cached(request, response, max(post.edited_at or post.created_at for post in posts))


@never_cache
@require_safe
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail about a reply: to the thread, as its asker."""
    try:
        post = PortalPost.objects.get(pk=key_of(token, "return"), deleted_at=None)
    except Forged:
        return void(request, "forged")
    except Expired:
        return void(request, "expired")
    except PortalPost.DoesNotExist:
        return void(request, "withdrawn", status=410)
    return remember(request, redirect(address(post.language, "thread", post.thread.hex)), post)


@never_cache
@require_POST
def withdraw(request: HttpRequest, thread: str, pk: int) -> HttpResponse:
    """Deletes one of the asker's own posts."""
    if not is_asker(request, thread):
        raise PermissionDenied
    commands.withdraw(thread=UUID(thread), pk=pk)
    return redirect(address(language_of(request), "thread", thread))


def _posts(thread: str) -> list[PortalPost]:
    """What is public of a thread, in the order it was written; 404 before its asker confirmed it."""
    posts = list(PortalPost.objects.filter(thread=UUID(thread)).exclude(verified_at=None).order_by("created_at", "pk"))
    if not posts or posts[0].brand:
        raise Http404
    return posts


def _add(request: HttpRequest, posts: list[PortalPost]) -> HttpResponse:
    form = AdditionForm(request.POST)
    here = redirect(request.path)
    if not form.is_valid():
        return here if "website" in form.errors else _show(request, posts, form=form, status=422)
    text = form.cleaned_data["text"]
    if request.POST.get("privacy") == "mask":
        return _show(request, posts, form=AdditionForm(without({"text": text})), masked=True)
    if request.POST.get("privacy") != "keep" and (found := exposed({"text": text})):
        return _show(request, posts, form=form, exposed=found)
    try:
        added = commands.add(to=posts[0], text=text)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, posts, form=form, status=429)
    return redirect(f"{request.path}#p{added.pk}")


def _show(request: HttpRequest, posts: list[PortalPost], *, status: int = 200, **shown: object) -> HttpResponse:
    first = posts[0]
    answered = any(post.brand and not post.deleted_at for post in posts)
    duplicate = duplicate_of_thread(first.thread.hex)
    elsewhere = Question.objects.public().filter(pk=duplicate.question_id).first() if duplicate else None
    shown |= {
        "first": first,
        "posts": posts,
        "answered": answered or elsewhere is not None,
        "hosted": None if duplicate else _hosted(first, answered=answered),
        "duplicate": duplicate,
        "elsewhere": elsewhere,
        "contest_url": _contest_url(duplicate, first) if shown.get("form") else "",
        "link_pk": _linkable(request, first) if duplicate is None else None,
        "too": too(thread=first.thread) if duplicate is None else 0,
        "follow_url": address(language_of(request), "follow-thread", first.thread.hex),
        "robots": "" if answered or elsewhere else "noindex",
        "canonical": full(_canonical(first, elsewhere)),
    }
    return render(request, "community/thread.html", shown, status=status)


def _canonical(first: PortalPost, elsewhere: Question | None) -> str:
    """Search engines are led to where the answer is kept up to date."""
    if elsewhere:
        return address(first.language, "question", elsewhere.slug)
    return address(first.language, "thread", first.thread.hex)


def _contest_url(duplicate: Duplicate | None, first: PortalPost) -> str:
    """For its asker alone, who can contest once."""
    if duplicate is None or duplicate.contested_at:
        return ""
    return link_for(duplicate, "contest", first.language)


def _linkable(request: HttpRequest, first: PortalPost) -> int | None:
    """For staff who may link it: the thread's conversation."""
    user = request.user
    if not isinstance(user, User) or not may(user, "duplicate.link"):
        return None
    found = Conversation.objects.filter(account=first.account_id, thread=first.thread.hex).order_by("pk")
    return found.values_list("pk", flat=True).first()


def _hosted(first: PortalPost, *, answered: bool) -> Question | None:
    """The public question that this one asks: said by a person, or so likely that it may help meanwhile."""
    found = Conversation.objects.filter(account=first.account_id, thread=first.thread.hex).exclude(question=None)
    conversation = found.order_by("pk").first()
    if conversation is None or conversation.question_id is None:
        return None
    if not (conversation.confirmed or conversation.likeness == Likeness.SURE or answered):
        return None
    return Question.objects.public().filter(pk=conversation.question_id).first()
