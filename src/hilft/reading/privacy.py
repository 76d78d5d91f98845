"""Personal data in a text: found, named, and masked. Own recognisers over two well-kept libraries."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers
from stdnum import iban

EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
CUSTOMER = re.compile(
    r"\b(?:(?:kunden|kd|vertrags|rechnungs|ticket|auftrags|customer|account|order)[\s\-.]*"
    r"(?:nr|nummer|no|number|id)?[\s.:#]*)(\d[\d\s\-]{4,14}\d)",
    re.IGNORECASE,
)
STREET = re.compile(
    r"\b[A-ZÄÖÜ][\wäöüß\-]*[\s\-]?(?:straße|Straße|strasse|Strasse|str\.|Str\.|weg|Weg|allee|Allee|platz|Platz|gasse|ring|damm|ufer)"
    r"\s+\d{1,4}(?:\s?[a-z]\b)?"
)
BIRTH = re.compile(
    r"\b(?:geb(?:oren|\.)?(?:\s+am)?|born(?: on)?)\s*:?\s*(\d{1,2}[./]\d{1,2}[./]\d{2,4})", re.IGNORECASE
)
CARD = re.compile(r"\b(?:\d[ \-]?){13,19}\b")
SIGNED = re.compile(
    r"(?im)^(?:(?:mit (?:freundlichen|besten) )?grüße?n?|viele grüße|vg|lg|mfg|gruß|gruss|regards|best)[ ,]*\n?\s*"
    r"([A-ZÄÖÜ][\wäöüß\-]+(?:[ ][A-ZÄÖÜ][\wäöüß\-]+){0,2})\s*$"
)
NAMED = re.compile(
    r"\b(?:(?i:ich bin|ich heiße|mein name ist|my name is|hier ist))\s+(?:der |die |(?i:frau |herr ))?"
    r"([A-ZÄÖÜ][\wäöüß\-]+(?:[ ][A-ZÄÖÜ][\wäöüß\-]+){0,2})"
)


class Found(NamedTuple):
    """A stretch of personal data: where, and of what kind."""

    start: int
    end: int
    kind: str


def personal_data(text: str) -> list[Found]:
    """Everything personal in the text, in order, without overlaps; the earlier and longer one wins."""
    kept: list[Found] = []
    for found in sorted(_candidates(text), key=lambda f: (f.start, -f.end)):
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def mask(text: str) -> str:
    """The text with each piece of personal data replaced by its kind in brackets."""
    out, at = [], 0
    for found in personal_data(text):
        out += [text[at : found.start], f"[{found.kind}]"]
        at = found.end
    return "".join([*out, text[at:]])


def _candidates(text: str) -> Iterator[Found]:  # noqa: C901  one branch per kind
    for match in EMAIL.finditer(text):
        yield Found(match.start(), match.end(), "E-Mail")
    for match in IBAN.finditer(text):
        if iban.is_valid(match.group()):
            yield Found(match.start(), match.end(), "IBAN")
    for match in CUSTOMER.finditer(text):
        yield Found(match.start(1), match.end(1), "Kundennummer")
    for number in phonenumbers.PhoneNumberMatcher(text, "DE"):
        if len(number.raw_string) >= 6:
            yield Found(number.start, number.end, "Telefon")
    for match in CARD.finditer(text):
        if _luhn(match.group()):
            yield Found(match.start(), match.end(), "Kartennummer")
    for pattern, kind in ((STREET, "Adresse"), (BIRTH, "Geburtsdatum"), (SIGNED, "Name"), (NAMED, "Name")):
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            yield Found(match.start(group), match.end(group), kind)


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    total = sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits)))
    return total % 10 == 0
