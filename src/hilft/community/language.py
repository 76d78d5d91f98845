"""The portal's two languages: the address alone decides, so that every page has one address per language."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import translation

from hilft.base.enums import Language

PORTALS = {Language.DE: "community", Language.EN: "community-en"}
"""The instances of the portal's addresses: German at the root, English below /en/."""

View = Callable[..., HttpResponseBase]


class Moved(Exception):
    """What was asked for has another address for good: a page of the portal by its name and arguments."""

    def __init__(self, name: str, *arguments: object) -> None:
        super().__init__(name)
        self.name, self.arguments = name, arguments


def language_of(request: HttpRequest) -> Language:
    """The language that the address stands for."""
    match = request.resolver_match
    return Language.EN if match and match.namespace == PORTALS[Language.EN] else Language.DE


def address(language: str, name: str, *args: object, **query: str) -> str:
    """A page of the portal in one language, as a path."""
    path = reverse(f"community:{name}", args=args, current_app=PORTALS[Language(language)])
    return f"{path}?{urlencode(query)}" if query else path


def full(path: str) -> str:
    """The path as the address that others see."""
    return f"{settings.HILFT.public_url}{path}"


def in_its_language(view: View) -> View:
    """Shows a page in the language of its address, whatever the browser or an earlier visit says."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            try:
                response = view(request, *args, **kwargs)
            except Moved as moved:
                response = HttpResponsePermanentRedirect(address(language, moved.name, *moved.arguments))
                response.headers["Cache-Control"] = "no-cache"  # a merge can be undone
        response.headers.setdefault("Content-Language", language)
        return response

    return shown
