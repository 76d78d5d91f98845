"""Django's `url`, with the addresses it finds kept: a conversation's page asks for fifty, a whole page for two hundred.

A built-in of all templates, so it is not loaded by name.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse
from django.urls import reverse
from django.utils.html import conditional_escape

register = template.Library()


class KeptURLNode(URLNode):
    """An address by name and values; the less usual forms are Django's own."""

    def render(self, context: Any) -> str:
        if self.kwargs or self.asvar is not None:
            return str(super().render(context))
        values = tuple(value.resolve(context) for value in self.args)
        address = _address(self.view_name.resolve(context), values, _current_app(context))
        return str(conditional_escape(address)) if context.autoescape else address


@register.tag
def url(parser: Any, token: Any) -> KeptURLNode:
    """`{% url name value … %}`, as Django reads it."""
    found: Any = parse(parser, token)
    return KeptURLNode(found.view_name, found.args, found.kwargs, found.asvar)


@lru_cache(16384)
def _address(name: str, values: tuple[object, ...], current_app: str | None) -> str:
    return reverse(name, args=values, current_app=current_app)


def _current_app(context: Any) -> str | None:
    request = getattr(context, "request", None)
    own: str | None = getattr(request, "current_app", None)
    if own is not None or request is None:
        return own
    match = getattr(request, "resolver_match", None)
    return match.namespace if match else None
