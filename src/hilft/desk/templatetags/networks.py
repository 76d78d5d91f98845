"""Facts of networks as people read them: durations, amounts, numbers with what they count."""

from django import template
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilft.channels.capabilities import Ability, Known
from hilft.channels.contract import Can, Limits
from hilft.channels.ledger import Fact
from hilft.publishing.enums import How

register = template.Library()
STATUS_TONES = {"documented": "brand", "ran": "ok", "unconfirmed": "warn"}
STATUS_ICONS = {"documented": "file-text", "ran": "check", "unconfirmed": "circle-question-mark"}


@register.filter
def said(text: str) -> str:
    """A ledger's sentence, unit or remark in the person's language."""
    return _(text) if text else ""


@register.filter
def value(known: Known) -> str:
    """The value that holds, with its unit."""
    return _read(known.fact, known.value)


@register.filter
def shipped(known: Known) -> str:
    """The value that ships, with its unit."""
    return _read(known.fact, known.fact.value)


def _read(fact: Fact, found: bool | int | float | str) -> str:
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, str):
        return found
    if fact.unit == "seconds":
        return duration(found)
    number = formats.number_format(found, use_l10n=True, force_grouping=True)
    return f"{number} {_(fact.unit)}" if fact.unit else number


def duration(seconds: float) -> str:
    """A length of time in its largest whole unit; a single day is 24 hours, as networks say it."""
    if seconds > 86_400 and seconds % 86_400 == 0:
        return ngettext("%(n)d day", "%(n)d days", int(seconds // 86_400)) % {"n": seconds // 86_400}
    if seconds and seconds % 3_600 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", int(seconds // 3_600)) % {"n": seconds // 3_600}
    if seconds and seconds % 60 == 0:
        return ngettext("%(n)d minute", "%(n)d minutes", int(seconds // 60)) % {"n": seconds // 60}
    return _("%(n)s seconds") % {"n": formats.number_format(seconds, use_l10n=True)}


@register.filter
def answer(ability: Ability) -> str:
    """Whether it may be done, in one word."""
    if not ability.able:
        return _("no")
    return _("under conditions") if ability.conditions else _("yes")


@register.filter
def answer_tone(ability: Ability) -> str:
    """The chip's tone for that word."""
    if not ability.able:
        return "outline"
    return "warn" if ability.conditions else "ok"


@register.filter
def action_name(action: str) -> str:
    """A column's head."""
    return {
        "reply": _("Reply in public"),
        "private": _("Reply privately"),
        "edit": _("Edit"),
        "delete": _("Delete"),
        "hide": _("Hide others' posts"),
        "listen": _("Listen"),
    }[action]


@register.filter
def way_name(way: Can) -> str:
    """How a network is heard."""
    return {Can.STREAM: _("stream"), Can.WEBHOOK: _("webhook"), Can.POLL: _("by looking")}[way]


@register.filter
def correction_name(correction: str) -> str:
    """How a published reply is corrected there."""
    return str(How(correction).label)


@register.filter
def length(limits: Limits | None) -> str:
    """How much text fits."""
    if limits is None or not limits.text:
        return ""
    number = formats.number_format(limits.text, use_l10n=True, force_grouping=True)
    units = {"weighted280": _("weighted characters"), "byte": _("bytes")}
    return f"{number} {units.get(limits.unit, _('characters'))}"


@register.filter
def status_name(status: str) -> str:
    """How sure a fact is."""
    return {"documented": _("documented"), "ran": _("tried"), "unconfirmed": _("unconfirmed")}[status]


@register.filter
def status_tone(status: str) -> str:
    """The chip's tone for it."""
    return STATUS_TONES[status]


@register.filter
def status_icon(status: str) -> str:
    """The chip's icon for it."""
    return STATUS_ICONS[status]
