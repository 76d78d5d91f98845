"""What a customer said against their record: alike but for case, spaces, and ways to write a date or a sum."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.timezone import localdate

from hilft.customers.enums import Kind

STREET = re.compile(r"str(?:\.|(?=[\s\d]|$))")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
GERMAN = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})")
MONEY = re.compile(r"-?\d{1,3}(?:[.\s']\d{3})+(?:,\d{1,2})?|-?\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|-?\d+(?:[.,]\d{1,2})?")


def agrees(kind: str, said: str, value: object) -> bool:
    """Whether what was said is what stands there; nothing agrees with nothing."""
    if value is None:
        return False
    if kind == Kind.DATE:
        return date_of(said) == value
    if kind == Kind.MONEY:
        return money_of(said) == value
    return bool(letters(said)) and letters(said) == letters(str(value))


def letters(text: str) -> str:
    """Letters and digits alone, in one spelling: "Deich Str. 5" is "deichstrasse5"."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(UMLAUTS)
    return "".join(sign for sign in STREET.sub("strasse", folded) if sign.isalnum())


def date_of(text: str) -> date | None:
    """A day as people or machines write it; two digits of a year mean one that has been."""
    text = text.strip()
    if found := GERMAN.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        if len(found[3]) == 2:
            year += 2000 if 2000 + year <= localdate().year else 1900
        parts = (year, month, day)
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        parts = (int(text[:4]), int(text[5:7]), int(text[8:]))
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def money_of(text: str) -> Decimal | None:
    """A sum with its comma or point, whatever currency stands beside it."""
    bare = re.sub(r"(?:€|EUR|Euro|CHF|\$|£)", "", text, flags=re.IGNORECASE).strip()
    if not MONEY.fullmatch(bare):
        return None
    head, cents = bare, ""
    if found := re.fullmatch(r"(.*)[.,](\d{1,2})", bare):
        head, cents = found.groups()
    try:
        return Decimal(f"{re.sub(r"[.,\s']", '', head)}.{cents or 0}")
    except InvalidOperation:
        return None
