"""What all screens of the desk share: who may enter, whole page or fragment, paging, and a way back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hilft.base.live import newest
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

View = Callable[..., HttpResponse]
PAGE = 40


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def staff(action: str = "desk.see") -> Callable[[View], View]:
    """Lets only signed-in staff in whose roles cover the action; nothing of it is kept by caches.

    A whole page knows the newest change before it was read (`live_since`): its stream begins there and misses nothing.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        @never_cache
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(cast(User, request.user), action)
            if not is_fragment(request):
                request.live_since = newest()  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return wrap


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return bool(request.headers.get("HX-Request")) and request.headers.get("HX-Request-Type") != "full"


def target_of(request: HttpRequest) -> str:
    """The id of the element that htmx will fill, empty when there is none."""
    return request.headers.get("HX-Target", "").partition("#")[2]


class FirstPages(Paginator):  # type: ignore[type-arg]
    """The pages of the first rows of a list: nobody pages on for ever, and counting fifty thousand takes its time."""

    more = False

    def __init__(self, found: QuerySet[Any], size: int, *, most: int) -> None:
        super().__init__(found, size)
        self.found, self.most = found, most

    @cached_property
    def count(self) -> int:
        """How many rows are paged, `most` at most; `more` says whether there are others."""
        found = self.found.order_by()[: self.most + 1].count()
        self.more = found > self.most
        return min(found, self.most)


def page_of[M: Any](request: HttpRequest, found: QuerySet[M], *, size: int = PAGE, most: int | None = None) -> Page[M]:
    """The asked-for page of a list, or of its first `most` rows; a number out of range gives the nearest."""
    pages = FirstPages(found, size, most=most) if most else Paginator(found, size)
    return pages.get_page(request.GET.get("page"))


def chosen[M: Model](request: HttpRequest, name: str, among: QuerySet[M]) -> M:
    """The object whose key a form sent as `name`; refuses none, what is no key, and what is not there any more."""
    key = request.POST.get(name, "")
    found = among.filter(pk=int(key)).first() if key.isdecimal() else None
    if found is None:
        raise Refusal(_("Choose one of those that are offered."))
    return found


def back_to(name: str, *args: object, query: str = "") -> HttpResponseRedirect:
    """A redirect after a command: the page is fetched anew, as a fragment where the command was one."""
    response = HttpResponseRedirect(reverse(name, args=args) + (f"?{query}" if query else ""))
    response.status_code = 303
    return response


def say(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """A toast on the next page; `undo` is the address that takes the command back."""
    messages.success(request, text, extra_tags=undo)
