"""Small pieces of markup that every screen uses: icons, keys, chips, avatars, channels and relative times."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_decimal
from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

register = template.Library()

ICONS = Path(__file__).parents[1] / "static" / "hilft" / "vendor" / "lucide" / "icons.json"
TONES = ("", "brand", "ok", "warn", "danger", "private", "outline")
OLD = timedelta(days=30)
CHANNELS: Mapping[str, tuple[str, str]] = {
    # kind: (name, letter or icon)
    "mastodon": ("Mastodon", "M"),
    "bluesky": ("Bluesky", "B"),
    "x": ("X", "X"),
    "facebook": ("Facebook", "f"),
    "instagram": ("Instagram", "I"),
    "matrix": ("Matrix", "[m]"),
    "rss": ("Feed", "R"),
    "email": ("E-mail", "mail"),
    "phone": ("Phone", "phone"),
    "portal": ("Community", "messages-square"),
    "note": ("Note", "notebook-pen"),
}


@cache
def drawings() -> Mapping[str, str]:
    """The inner markup of every icon by its name."""
    icons: dict[str, str] = json.loads(ICONS.read_text(encoding="utf-8"))
    return icons


@register.simple_tag
@lru_cache(1024)
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An inline drawing: hidden from assistive technology unless it carries a `label`; size "", "small" or "large"."""
    if name not in drawings():
        raise template.TemplateSyntaxError(f"There is no icon called {name!r}; see vendor/lucide/icons.json.")
    naming = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" focusable="false" {}>{}</svg>',
        f" icon-{size}" if size else "",
        naming,
        mark_safe(drawings()[name]),  # noqa: S308 our own vendored drawing
    )


@register.simple_tag
def key(*names: str) -> SafeString:
    """What to press, as pictured keys, hidden from assistive technology (the control says it by aria-keyshortcuts)."""
    return _keys(names, get_language())


@lru_cache(256)
def _keys(names: tuple[str, ...], _language: str | None) -> SafeString:
    caps = format_html_join("", '<kbd class="key">{}</kbd>', ((_key_cap(name),) for name in names))
    return format_html('<span class="keys" aria-hidden="true">{}</span>', caps)


def _key_cap(name: str) -> str:
    caps = {
        "Ctrl": pgettext("key", "Ctrl"),
        "Shift": "⇧",
        "Enter": "⏎",
        "Escape": "Esc",
        "ArrowUp": "↑",
        "ArrowDown": "↓",
    }
    return caps.get(name, name)


@register.simple_tag
def chip(text: Any, tone: str = "", icon_name: str = "", title: str = "") -> SafeString:
    """A state as a word; the tone ("brand", "ok", "warn", "danger", "private", "outline") only repeats it."""
    # Escaped first: a text that is safe and one that reads alike must not share a place.
    return _chip(conditional_escape(text), tone, icon_name, conditional_escape(title))


@lru_cache(4096)
def _chip(text: SafeString, tone: str, icon_name: str, title: SafeString) -> SafeString:
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"A chip has no tone {tone!r}; choose from {', '.join(TONES[1:])}.")
    return format_html(
        '<span class="chip{}"{}>{}<span>{}</span></span>',
        f" chip-{tone}" if tone else "",
        format_html(' title="{}"', title) if title else "",
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def avatar(name: object, kind: str = "") -> SafeString:
    """Initials of a person beside whom the name is written; kind "", "team" or "muted"."""
    return format_html(
        '<span class="avatar{}" aria-hidden="true">{}</span>', f" avatar-{kind}" if kind else "", initials(str(name))
    )


def initials(name: str) -> str:
    """First letters of the first and last word: "Ayşe Demir" → "AD", "tom.bsky" → "T", "" → "?"."""
    words = [word for word in name.lstrip("@").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


@register.simple_tag
def channel(kind: str) -> SafeString:
    """The sign of a channel, with its name for those who do not see it."""
    return _channel(kind, get_language())


@lru_cache(64)
def _channel(kind: str, _language: str | None) -> SafeString:
    name, sign = CHANNELS.get(kind, (kind.title(), kind[:1].upper() or "?"))
    picture = icon(sign) if sign in drawings() else sign
    return format_html(
        '<span class="channel" title="{0}"><span aria-hidden="true">{1}</span>'
        '<span class="visually-hidden">{0}</span></span>',
        gettext(name),
        picture,
    )


@register.filter
def number(value: int) -> str:
    """A count as people read it, in groups of thousands; a number that a program reads is written without this."""
    return str(format_decimal(value, locale=_locale()))


@register.filter
def elided(page: Page[object]) -> Iterator[int | str]:
    """The numbers a pager shows around its page, with "…" where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
def ago(at: datetime | None, now: datetime | None = None) -> SafeString:
    """How long ago, in the active language; the browser keeps it current, and without script the text stands."""
    if at is None:
        return mark_safe("")
    at = at if timezone.is_aware(at) else timezone.make_aware(at)
    return _ago(at, ago_text(at, now or timezone.now()), get_language() or "en", timezone.get_current_timezone_name())


@lru_cache(4096)
def _ago(at: datetime, words: str, language: str, _zone: str) -> SafeString:
    local = timezone.localtime(at)
    return format_html(
        '<relative-time datetime="{}" lang="{}" format-style="short" threshold="P30D" prefix="" title="{}">'
        "{}</relative-time>",
        at.isoformat(),
        language.partition("-")[0],
        local.strftime("%d.%m.%Y %H:%M") if _locale().language == "de" else local.strftime("%d %b %Y %H:%M"),
        words,
    )


def ago_text(at: datetime, now: datetime) -> str:
    """The same words the browser will choose: "vor 18 Min.", "gestern" as "vor 1 Tag", a date after 30 days."""
    if abs(now - at) < OLD:
        return format_timedelta(at - now, add_direction=True, format="short", locale=_locale(), threshold=1)
    skeleton = "MMMd" if at.year == now.year else "yMMMd"
    return format_skeleton(skeleton, timezone.localtime(at), locale=_locale())


def _locale() -> Locale:
    return _locale_of((get_language() or "en").partition("-")[0])


@cache
def _locale_of(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except UnknownLocaleError:
        return Locale("en")
