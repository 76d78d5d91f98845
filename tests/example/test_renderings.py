"""Every example answer is well on every network: it fits, ends a sentence, and leads on where it left something out."""

from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import NamedTuple

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hilft.base.markdown import to_text
from hilft.channels import ledger
from hilft.channels.contract import Can, Channel, Config, Person
from hilft.channels.counting import fits, sentences
from hilft.channels.registry import KINDS
from hilft.example.content import questions
from hilft.publishing.rendering import CLOSING, CORRECTION, MORE, Place, Source, render, render_correction

PORTAL = "https://hilft.nordnetz.example"
BRAND = "NordNetz"
SETTINGS = {
    "base_url": "http://127.0.0.1:9",
    "service": "http://127.0.0.1:9",
    "url": "http://127.0.0.1:9",
    "page_id": "1",
    "instagram_id": "2",
    "address": "kontakt@nordnetz.example",
}
"""Nobody answers there: limits are those that ship with each adapter."""

LONGEST = "n" * 30 + "@" + ".".join(["mastodon" * 7, "example"])
THIRTIETH = datetime(2026, 9, 30, 12, tzinfo=UTC)
"""The day whose name is longest."""


class Spot(NamedTuple):
    """A kind of channel, in public or in private."""

    kind: str
    public: bool


@cache
def adapter(kind: str) -> Channel:
    facts = {name: fact.value for name, fact in ledger.facts(kind).items()}
    config = Config(account="1", handle="nordnetz", settings=SETTINGS, secrets={}, facts=facts)
    found: Channel = import_module(KINDS[kind].module).Adapter(config)
    return found


def spots() -> list[Spot]:
    """Wherever an adapter can reply."""
    return [
        Spot(kind, public)
        for kind in KINDS
        for public, can in ((True, Can.REPLY), (False, Can.PRIVATE))
        if can in adapter(kind).can()
    ]


def sources() -> list[Source]:
    """Every text of every answer, with the address it leads to."""
    found = []
    for question in questions():
        texts = [("de", "sie", question.sie), ("de", "du", question.du)]
        texts += [("en", "none", question.en)] if question.en else []
        for language, address, text in texts:
            where = "community-en" if language == "en" else "community"
            link = PORTAL + reverse("community:question", args=[question.slug], current_app=where)
            found.append(Source(text.body, text.short, language, address, link))
    return found


def place(spot: Spot, handle: str) -> Place:
    person = Person(id="1", handle=handle, name=handle)
    return Place(
        limits=adapter(spot.kind).limits(public=spot.public),
        prefix=adapter(spot.kind).prefix(person, public=spot.public),
        letter=spot.kind in settings.HILFT_LETTERS,
        brand=BRAND,
    )


def is_well(text: str, source: Source, where: Place, *, lead: str = "") -> bool:
    """Whether a rendering keeps all promises; the assertion says which it breaks."""
    assert fits(where.prefix + text, where.limits)
    more = MORE[source.language].format(link=source.link)
    if where.letter:
        assert to_text(source.body) in text
        assert more in text
        assert text.endswith(CLOSING[source.language, source.address].format(brand=BRAND))
        return True
    assert text.startswith(lead)
    said = text.removeprefix(lead)
    if said == to_text(source.body):
        return True
    assert said.endswith("\n" + more), "what leaves something out leads on"
    told = said.removesuffix("\n" + more)
    assert told
    kept = sentences(source.short.strip())[: len(sentences(told))]
    assert told == "".join(kept).rstrip()
    assert told[-1] in ".!?"
    return True


def both(source: Source, where: Place, at: datetime) -> bool:
    """Whether the reply and its visible correction are well."""
    lead = "" if where.letter else CORRECTION[source.language, source.address].split("{day}", maxsplit=1)[0]
    said = render_correction(source, where, of=at)
    day = said[len(lead) :].partition(": ")[0]
    lead = "" if where.letter else CORRECTION[source.language, source.address].format(day=day)
    return is_well(render(source, where), source, where) and is_well(said, source, where, lead=lead)


def test_every_network_that_takes_replies_is_looked_at():
    assert {spot.kind for spot in spots()} == set(KINDS) - {"rss"}
    assert [spot.kind for spot in spots() if not adapter(spot.kind).limits(public=spot.public).text] == []


@pytest.mark.parametrize("spot", spots(), ids=lambda spot: f"{spot.kind}-{'public' if spot.public else 'private'}")
def test_every_answer_is_well_for_the_longest_handle_and_the_longest_day(spot: Spot):
    where = place(spot, LONGEST)
    assert [source for source in sources() if not both(source, where, THIRTIETH)] == []


HANDLES = st.builds(
    lambda name, host: f"{name}@{host}" if host else name,
    st.from_regex(r"[a-z0-9_]{1,30}", fullmatch=True),
    st.one_of(st.just(""), st.from_regex(r"([a-z0-9]{1,30}\.){1,2}(example|social|wiki)", fullmatch=True)),
)


@hypothesis_settings(max_examples=400, deadline=None)
@given(
    spot=st.sampled_from(spots()),
    source=st.sampled_from(sources()),
    handle=HANDLES,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_any_answer_is_well_for_any_reader_on_any_day(spot: Spot, source: Source, handle: str, at: datetime):
    assert both(source, place(spot, handle), at)
