"""What the portal's frame needs on every page: its addresses, and the same page in the other language."""

from django.http import HttpRequest

from hilft.community.language import PORTALS, address, language_of


def portal(request: HttpRequest) -> dict[str, object]:
    """Nothing outside the portal."""
    match = request.resolver_match
    if match is None or match.namespace not in PORTALS.values():
        return {}
    here = language_of(request)
    kept: dict[str, str] = {name: str(value) for name in ("q", "page", "title") if (value := request.GET.get(name, ""))}
    return {
        "portal_url": address(here, "home"),
        "portal_search_url": address(here, "search"),
        "imprint_url": address(here, "imprint"),
        "privacy_url": address(here, "privacy"),
        "accessibility_url": address(here, "accessibility"),
        "alternates": [
            (str(code), address(code, match.url_name or "home", *match.kwargs.values(), **kept)) for code in PORTALS
        ],
    }
