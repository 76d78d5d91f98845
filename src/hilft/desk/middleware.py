"""What a refused command looks like to a person: a sentence, on the page they were on."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from hilft.people.errors import NotAllowed, Refusal, Uncertified
from hilft.training.queries import module_for


class Refusals:
    """Turns the domain's refusals into answers: 403, 404, or the same page with the reason on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            raise PermissionDenied(str(exception)) from exception
        if isinstance(exception, ObjectDoesNotExist):
            raise Http404 from exception
        if isinstance(exception, Uncertified):
            module = module_for(exception.skills)
            return refused(request, str(exception), learn=reverse("desk:module", args=[module.key]) if module else "")
        if isinstance(exception, Refusal):
            return refused(request, str(exception))
        return None


def refused(request: HttpRequest, reason: str, *, learn: str = "") -> HttpResponse:
    """The reason as a toast: at once for fragments, after going back for whole pages; `learn` leads to the module."""
    if request.headers.get("HX-Request"):
        response = render(request, "desk/refused.html", {"reason": reason, "learn": learn}, status=422)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        return response
    messages.error(request, reason, extra_tags=f"learn:{learn}" if learn else "")
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/desk/"
    return HttpResponseRedirect(back)
