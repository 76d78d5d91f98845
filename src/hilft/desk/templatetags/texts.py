"""Texts as the desk shows them: differences, rendered Markdown, the names of channels and rules."""

from datetime import timedelta

from babel.dates import format_timedelta
from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hilft.approvals.models import Rule
from hilft.base.comparing import word_diff
from hilft.base.markdown import to_html
from hilft.channels.registry import label
from hilft.people.enums import Role

register = template.Library()


@register.simple_tag
def diff(before: str, after: str) -> SafeString:
    """Both texts as one: struck out what is gone, underlined what is new."""
    marked = {
        "same": "{}",
        "del": "<del>{}</del>",
        "ins": "<ins>{}</ins>",
    }
    return mark_safe("".join(format_html_join("", marked[p.kind], ((p.text,),)) for p in word_diff(before, after)))  # noqa: S308 each piece is escaped


@register.filter
def markdown(text: str) -> SafeString:
    """An answer's Markdown as safe HTML."""
    return mark_safe(to_html(text))  # noqa: S308 cleaned by to_html


@register.filter
def channel_name(kind: str) -> str:
    """A channel's name for people."""
    return label(kind)


@register.filter
def rule_name(rule: Rule | None) -> str:
    """What a rule says, in the person's language."""
    if rule is None:
        return ""
    english = not (get_language() or "de").startswith("de")
    return (english and rule.label_en) or rule.label


@register.filter
def duration(length: timedelta | None) -> str:
    """How long something took: "3 Minuten"."""
    if length is None:
        return ""
    return format_timedelta(length, locale=(get_language() or "en").partition("-")[0])


@register.filter
def role_name(role: str) -> str:
    """A role's name for people."""
    return str(Role(role).label) if role in Role.values else role
