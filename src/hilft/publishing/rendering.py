"""An answer version fitted to one place: its channel's count, the reader's language and form of address."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.utils import formats, timezone, translation

from hilft.base.enums import Address, Language
from hilft.base.markdown import to_text
from hilft.channels.contract import Limits
from hilft.channels.counting import fits, links, shorten


class Links(StrEnum):
    """Whether a post leads to the whole answer where it does not fit: where a link is dear it may cost more than it
    is worth."""

    ALWAYS = "always"
    ON_REQUEST = "on_request"
    NEVER = "never"


class Place(NamedTuple):
    """Where a rendering will stand: the network's limits, what it puts before the text, and how it reads there."""

    limits: Limits
    prefix: str
    letter: bool
    brand: str
    links: Links = Links.ALWAYS


class Source(NamedTuple):
    """The text to render, and where the whole answer stands; `link` is empty where nobody outside may read it."""

    body: str
    short: str
    language: str
    address: str
    link: str


ON_REQUEST = {
    (Language.DE, Address.SIE): "Den Link zur ganzen Antwort schicken wir Ihnen gern.",
    (Language.DE, Address.DU): "Den Link zur ganzen Antwort schicken wir dir gern.",
    (Language.EN, Address.NONE): "Ask us for the link to the whole answer.",
}
MORE = {Language.DE: "Mehr dazu: {link}", Language.EN: "More: {link}"}
GREETING = {
    (Language.DE, Address.SIE): "Guten Tag!",
    (Language.DE, Address.DU): "Hallo!",
    (Language.EN, Address.NONE): "Hello,",
}
CLOSING = {
    (Language.DE, Address.SIE): "Freundliche Grüße\nIhr {brand}-Team",
    (Language.DE, Address.DU): "Viele Grüße\nDein {brand}-Team",
    (Language.EN, Address.NONE): "Kind regards\nYour {brand} team",
}
CORRECTION = {
    (Language.DE, Address.SIE): "Korrektur zu unserer Antwort vom {day}: ",
    (Language.DE, Address.DU): "Korrektur zu unserer Antwort vom {day}: ",
    (Language.EN, Address.NONE): "Correction to our reply of {day}: ",
}
LETTER_CORRECTION = {
    (Language.DE, Address.SIE): "Unsere Antwort vom {day} stimmt so nicht mehr. Es gilt jetzt:",
    (Language.DE, Address.DU): "Unsere Antwort vom {day} stimmt so nicht mehr. Jetzt gilt:",
    (Language.EN, Address.NONE): "Our reply of {day} no longer holds. What holds now:",
}


class DoesNotFit(ValueError):
    """Not even one sentence of the answer fits in this place."""


def render(source: Source, place: Place) -> str:
    """The text as it will stand: whole where it fits, else its short form or first sentences, with a link.

    Where links are dear, the form that needs none. Never cut in mid-sentence. Raises DoesNotFit when even that is too
    long.
    """
    if place.letter:
        return _letter(source, place, to_text(source.body))
    return _post(source, place, lead="")


def without_frame(letter: str, *, brand: str) -> str:
    """What stands between greeting and closing of a letter of ours; anything else stays as it is."""
    text = letter.strip()
    for greeting in GREETING.values():
        text = text.removeprefix(f"{greeting}\n")
    for closing in CLOSING.values():
        text = text.removesuffix(closing.format(brand=brand))
    return text.strip()


def render_correction(source: Source, place: Place, *, of: datetime) -> str:
    """The text of a visible correction: says what it corrects, then what holds now."""
    key = (Language(source.language), Address(source.address))
    with translation.override(source.language):
        day = formats.date_format(timezone.localtime(of), "j. F" if source.language == Language.DE else "j F")
    if place.letter:
        return _letter(source, place, LETTER_CORRECTION[key].format(day=day) + "\n\n" + to_text(source.body))
    return _post(source, place, lead=CORRECTION[key].format(day=day))


def _letter(source: Source, place: Place, text: str) -> str:
    key = (Language(source.language), Address(source.address))
    more = [MORE[key[0]].format(link=source.link)] if source.link else []
    return "\n\n".join([GREETING[key], text, *more, CLOSING[key].format(brand=place.brand)])


def _post(source: Source, place: Place, *, lead: str) -> str:
    whole = to_text(source.body)
    ahead = place.prefix + lead
    short = source.short.strip()
    dear = place.links != Links.ALWAYS and bool(links(whole)) and bool(short)
    if fits(ahead + whole, place.limits) and not dear:
        return lead + whole
    tail = _tail(source, place.links)
    try:
        return shorten(ahead + (short or " ".join(whole.split())), place.limits, tail).removeprefix(place.prefix)
    except ValueError as error:
        if short and fits(ahead + short, place.limits):
            return lead + short
        raise DoesNotFit(str(error)) from error


def _tail(source: Source, links: Links) -> str:
    """What stands behind a text that is not the whole answer."""
    language = Language(source.language)
    if not source.link:
        return ""
    match links:
        case Links.ALWAYS:
            return "\n" + MORE[language].format(link=source.link)
        case Links.ON_REQUEST:
            return "\n" + ON_REQUEST[language, Address(source.address)]
    return ""
