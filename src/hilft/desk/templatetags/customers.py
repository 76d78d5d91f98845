"""A field of a customer record, as people read it."""

from datetime import date
from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilft.customers.mapping import Value

register = template.Library()


@register.filter
def said(value: Value, currency: str) -> str:
    """What stands there, by its kind; empty where nothing does."""
    match value.value:
        case bool(flag):
            return _("yes") if flag else _("no")
        case date() as day:
            return date_format(day, "DATE_FORMAT")
        case Decimal() as sum_:
            return str(format_currency(sum_, currency, locale=(get_language() or "en").partition("-")[0]))
        case None:
            return ""
        case text:
            return str(text)
