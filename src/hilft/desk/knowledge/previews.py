"""How an answer will stand on each network while it is being written."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from hilft.channels.bluesky.adapter import LIMITS as BLUESKY
from hilft.channels.contract import Limits
from hilft.channels.counting import count
from hilft.channels.email.adapter import LIMITS as EMAIL
from hilft.channels.mastodon.adapter import LIMITS as MASTODON
from hilft.knowledge.commands import Key, Written
from hilft.knowledge.models import Question
from hilft.publishing.queries import link_of
from hilft.publishing.rendering import MORE, DoesNotFit, Place, Source, render

NETWORKS: Final[dict[str, tuple[Limits, str]]] = {
    "mastodon": (MASTODON, "@anna.petersen@mastodon.example "),
    "bluesky": (BLUESKY, ""),
    "email": (EMAIL, ""),
}
"""Limits and what the network puts before the text, with a customer's name of usual length."""


@dataclass(frozen=True)
class Preview:
    """A text as it will stand on one network; `whole` when nothing was left out."""

    kind: str
    text: str
    length: int
    limit: int
    problem: bool
    letter: bool


def previews(key: Key, written: Written, question: Question) -> list[Preview]:
    """The text on every network; empty while there is no text."""
    if not written.body.strip():
        return []
    source = Source(written.body.strip(), written.short.strip(), key[0], key[1], link_of(question, key[0]))
    return [_preview(kind, source) for kind in NETWORKS]


def room(language: str, question: Question) -> int:
    """How long a short text may be to fit with its link on the tightest network."""
    tail = "\n" + MORE["de" if language == "de" else "en"].format(link=link_of(question, language))  # type: ignore[index]  # str enum
    return BLUESKY.text - count(tail, BLUESKY)


def _preview(kind: str, source: Source) -> Preview:
    limits, prefix = NETWORKS[kind]
    letter = kind in settings.HILFT_LETTERS
    place = Place(limits, prefix, letter, settings.HILFT.brand)
    try:
        text = render(source, place)
    except DoesNotFit:
        return Preview(kind, "", 0, limits.text, problem=True, letter=letter)
    return Preview(kind, text, count(prefix + text, limits), limits.text, problem=False, letter=letter)
