"""Texts as the portal shows them: titles in their language, answers, found words, differences."""

import json

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hilft.base.comparing import word_diff
from hilft.base.markdown import to_html
from hilft.channels.registry import label
from hilft.community.search import FOUND, LOST
from hilft.knowledge.models import Question

register = template.Library()

ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def english() -> bool:
    """Whether the page is an English one."""
    return (get_language() or "de").startswith("en")


@register.simple_tag
def title(question: Question) -> SafeString:
    """The question in the page's language, else in German and marked as such."""
    if not english():
        return conditional_escape(question.title)
    return conditional_escape(question.title_en) if question.title_en else _german(question.title)


@register.simple_tag
def topic(question: Question) -> SafeString:
    """The question's topic, like its title."""
    if not english():
        return conditional_escape(question.topic)
    return conditional_escape(question.topic_en) if question.topic_en else _german(question.topic)


@register.filter
def markdown(text: str) -> SafeString:
    """An answer's Markdown as safe HTML."""
    return mark_safe(to_html(text))  # noqa: S308 cleaned by to_html


@register.filter
def found(text: str) -> SafeString:
    """A text with the found words marked; everything else in it is escaped."""
    safe = str(conditional_escape(text))
    return mark_safe(safe.replace(FOUND, "<mark>").replace(LOST, "</mark>"))  # noqa: S308 escaped above


@register.simple_tag
def changes(before: str, after: str) -> SafeString:
    """Both texts as one: struck out what is gone, underlined what is new."""
    marked = {"same": "{}", "del": "<del>{}</del>", "ins": "<ins>{}</ins>"}
    parts = (format_html(marked[piece.kind], piece.text) for piece in word_diff(before, after))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def channel_name(kind: str) -> str:
    """A channel's name for people."""
    return label(kind)


@register.simple_tag
def linked_data(value: object) -> SafeString:
    """Data for search engines; no text in it can end the script element or become markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 escaped above


def _german(text: str) -> SafeString:
    return format_html('<span lang="de">{}</span>', text)
