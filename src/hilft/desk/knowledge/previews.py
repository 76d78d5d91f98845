"""How an answer will stand on each network while it is being written."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from hilft.channels.contract import Limits
from hilft.channels.counting import count
from hilft.channels.registry import sample
from hilft.knowledge.commands import Key, Written
from hilft.knowledge.models import Question
from hilft.publishing.places import link_of
from hilft.publishing.rendering import MORE, DoesNotFit, Place, Source, render

NETWORKS: Final[dict[str, str]] = {"mastodon": "@anna.petersen@mastodon.example ", "bluesky": "", "email": ""}
"""What the network puts before the text, with a customer's name of usual length."""

TIGHTEST: Final = "bluesky"


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
    limits = _limits(TIGHTEST)
    return limits.text - count(tail, limits)


def _limits(kind: str) -> Limits:
    """As the network's ledger says; a mail is never public."""
    return sample(kind).limits(public=kind != "email")


def _preview(kind: str, source: Source) -> Preview:
    limits, prefix = _limits(kind), NETWORKS[kind]
    letter = kind in settings.HILFT_LETTERS
    place = Place(limits, prefix, letter, settings.HILFT.brand)
    try:
        text = render(source, place)
    except DoesNotFit:
        return Preview(kind, "", 0, limits.text, problem=True, letter=letter)
    return Preview(kind, text, count(prefix + text, limits), limits.text, problem=False, letter=letter)
