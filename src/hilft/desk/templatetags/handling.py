"""Steps in words."""

from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.models import Step
from hilft.inbox.handling.steps import Wanted
from hilft.people.models import Team, User

register = template.Library()


@register.filter
def in_words(step: Step) -> str:
    """What a step did: "Tag with: Störung"."""
    return f"{Do(step.do).label}{_value(step)}"


@register.filter
def wanted_words(wanted: Wanted) -> str:
    """What a step is to do: "Assign to: Mara Köhler"."""
    value = wanted.value
    match wanted.do:
        case Do.ASSIGN:
            value = _name(User, value)
        case Do.TEAM:
            value = _name(Team, value)
        case Do.TAG | Do.UNTAG:
            value = ", ".join(value)
        case Do.SNOOZE:
            value = ngettext("%(n)s hour", "%(n)s hours", value) % {"n": value}
    return f"{wanted.do.label}{_colon(value or '')}"


def _value(step: Step) -> str:
    before, after = step.before, step.after
    match step.do:
        case Do.TAG:
            return _colon(", ".join(name for name in after["tags"] if name not in before["tags"]))
        case Do.UNTAG:
            return _colon(", ".join(name for name in before["tags"] if name not in after["tags"]))
        case Do.ASSIGN:
            return _colon(_name(User, after["assignee_id"]))
        case Do.TEAM:
            return _colon(_name(Team, after["team_id"]))
        case Do.TOPIC:
            return _colon(after["topic"])
        case Do.SNOOZE:
            return _colon(_moment(after["later_until"]))
        case Do.FOLLOW_UP:
            return _colon(_moment(after["follow_up_at"]))
        case _:
            return ""


def _name(model: Any, pk: int | None) -> str:
    return str(model.objects.filter(pk=pk).values_list("name", flat=True).first() or "") if pk else str(_("nobody"))


def _moment(text: str) -> str:
    at = parse_datetime(text)
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def _colon(value: str) -> str:
    return f": {value}" if value else ""
