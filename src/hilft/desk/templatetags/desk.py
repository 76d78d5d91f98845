"""Words and tones of the desk's states, and small look-ups that templates need."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_currency
from django import template
from django.template import RequestContext
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.base.templatetags.hilft import number
from hilft.channels.phone.numbers import readable as readable_number
from hilft.desk.areas import ShownGroup, shown
from hilft.inbox.lists import MOST
from hilft.inbox.models import Presence

register = template.Library()
LONG = timedelta(minutes=15)
DIALS = "tel:"

TONES = {
    "sure": "ok",
    "likely": "brand",
    "possible": "",
    "none": "outline",
    "current": "ok",
    "outdated": "warn",
    "corrected": "ok",
    "person": "danger",
    "kept": "outline",
    "open": "warn",
    "worked_on": "brand",
    "closed": "ok",
    "planned": "outline",
    "waiting": "warn",
    "running": "brand",
    "done": "ok",
    "dropped": "outline",
    "sending": "brand",
    "left_out": "outline",
    "checked": "ok",
    "unchecked": "warn",
    "draft": "warn",
    "archived": "outline",
    "public": "brand",
    "internal": "private",
    "active": "ok",
    "paused": "warn",
    "lost": "danger",
    "acknowledged": "brand",
    "answered": "ok",
}
ICONS = {
    "current": "check",
    "outdated": "history",
    "corrected": "refresh-cw",
    "person": "hand",
    "waiting": "shield-check",
    "done": "check",
    "sending": "send-horizontal",
}


@register.filter
def tone(state: str) -> str:
    """The chip's tone for a state; it only repeats what the word says."""
    return TONES.get(state, "")


@register.filter
def state_icon(state: str) -> str:
    """The chip's icon for a state."""
    return ICONS.get(state, "")


@register.filter
def readable(number: str) -> str:
    """A telephone number as people read it."""
    return readable_number(number)


@register.filter
def dials(url: str) -> str:
    """The number that an address dials, as people read it; empty for every other address."""
    return readable_number(url.removeprefix(DIALS)) if url.startswith(DIALS) else ""


@register.filter
def view_name(view: str) -> str:
    """A view's name in the person's language."""
    names = {
        "open": _("Open in the team"),
        "mine": _("Mine"),
        "unassigned": _("Unassigned"),
        "later": _("Later"),
        "done": _("Done"),
        "all": _("All conversations"),
        "followups": _("Follow-ups"),
        "spam": _("Spam"),
        "foreign": _("Not for us"),
    }
    return names.get(view, _("Found"))


@register.filter
def many(count: int) -> str:
    """How many conversations a view holds, as far as they are counted: "312", "10.000+"."""
    return number(count) if count <= MOST else f"{number(MOST)}+"


@register.simple_tag(takes_context=True)
def areas(context: RequestContext) -> list[ShownGroup]:
    """The navigation's groups as whoever asks sees them; the cookie `areas` says which they left open."""
    frame, request = context["frame"], context.request

    def number(name: str) -> int | None:
        if name == "troubled":
            return len(frame.troubled_accounts) or None
        return int(getattr(frame.counts if hasattr(frame.counts, name) else frame, name))

    opened = request.COOKIES.get("areas", "answers").split(".") if request else ()
    return shown(view=str(context.get("view", "")), may=frame.may, number=number, opened=opened)


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The mapping's value for a key that is a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def doing(presence: Presence) -> str:
    """Who does what: "Mara types"."""
    name = presence.user.name.split()[0]
    return (
        _("%(name)s is typing") % {"name": name}
        if presence.doing == "typing"
        else _("%(name)s is looking") % {"name": name}
    )


@register.filter
def waits_long(since: datetime | None) -> bool:
    """Whether somebody has waited longer than the team wants."""
    return since is not None and now() - since > LONG


@register.filter
def day_name(at: datetime) -> str:
    """Today, yesterday, or the date."""
    day, today = timezone.localtime(at).date(), timezone.localtime(now()).date()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return formats.date_format(day, "DATE_FORMAT")


@register.filter
def moment(at: datetime) -> str:
    """Date and time of day, short."""
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


@register.filter
def dollars(price: Decimal) -> str:
    """An amount of US dollars as networks charge them: "0,015 $" in German, "$0.015" in English."""
    language = (get_language() or "en").partition("-")[0]
    digits = max(2, -int(price.normalize().as_tuple().exponent)) if price else 2
    pattern = {"de": "#,##0.{0} ¤", "en": "¤#,##0.{0}"}.get(language, "¤#,##0.{0}").format("0" * digits)
    return str(format_currency(price, "USD", pattern, locale=language, currency_digits=False))


@register.simple_tag
def person_options(people: Iterable[tuple[int, str]], chosen: int | None) -> SafeString:
    """The options of a choice among many people, by key and name: a loop in a template is slow for hundreds."""
    return _options(tuple(people), chosen)


@register.simple_tag
def name_options(people: Iterable[tuple[int, str]]) -> SafeString:
    """The names of many people to complete what is typed."""
    return _names(tuple(name for _pk, name in people))


@lru_cache(64)
def _names(names: tuple[str, ...]) -> SafeString:
    return format_html_join("", '<option value="{}"></option>', ((name,) for name in names))


@lru_cache(64)
def _options(people: tuple[tuple[int, str], ...], chosen: int | None) -> SafeString:
    rows = ((pk, SafeString(" selected" if pk == chosen else ""), name) for pk, name in people)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
