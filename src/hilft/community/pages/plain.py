"""The pages the law asks for, with the fictional company's texts until an operator writes their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hilft.community.caching import cached


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who runs this (§ 5 DDG)."""
    return cached(request, render(request, "community/imprint.html"))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of readers and askers."""
    return cached(request, render(request, "community/privacy.html"))


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the portal is, and whom to tell when it is not."""
    return cached(request, render(request, "community/accessibility.html"))
