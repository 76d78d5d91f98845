"""Personal data in what a guest is about to publish: named to them, and taken out if they wish."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from hilft.reading.privacy import mask, personal_data


class Exposed(NamedTuple):
    """A stretch of personal data, as the guest wrote it, and what it seems to be."""

    kind: str
    words: str


def exposed(texts: Mapping[str, str]) -> list[Exposed]:
    """Everything personal in these texts, each once."""
    found = ((text, place) for text in texts.values() for place in personal_data(text))
    return list(dict.fromkeys(Exposed(_kind(at.kind), text[at.start : at.end].strip()) for text, at in found))


def without(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts with each piece replaced by what it was."""
    return {name: mask(text) for name, text in texts.items()}


def _kind(kind: str) -> str:
    names = {
        "E-Mail": _("e-mail address"),
        "IBAN": _("bank account"),
        "Kundennummer": _("customer number"),
        "Telefon": _("phone number"),
        "Kartennummer": _("card number"),
        "Adresse": _("postal address"),
        "Geburtsdatum": _("date of birth"),
        "Name": _("name"),
    }
    return names.get(kind, kind)
