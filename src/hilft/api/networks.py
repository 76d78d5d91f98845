"""What networks allow, as the desk shows it."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from ninja.errors import HttpError

from hilft.api.access import Key
from hilft.channels.capabilities import Ability, Capabilities, Known, network, networks
from hilft.channels.contract import Limits
from hilft.people.enums import KeyRight

router = Router(tags=["networks"])
type Value = bool | int | float | str


class Length(Schema):
    """How much text fits; `bytes` is a second limit, `url` what a link costs, both null where there is none."""

    text: int
    unit: str
    bytes: int | None
    url: int | None


class Able(Schema):
    """Whether something may be done at all, and the names of the facts that bear on it."""

    action: str
    allowed: bool
    facts: list[str]


class Changed(Schema):
    """An operator of this installation knows better than what ships."""

    shipped: Value
    source: str
    at: datetime.datetime


class Fact(Schema):
    """One thing known of a network. `say` is in the language of the request; of a changed fact it tells what ships."""

    name: str
    value: Value
    unit: str
    say: str
    source: str
    date: datetime.date
    status: str
    about: str
    changed: Changed | None


class Network(Schema):
    """One network: what may be done, how it is heard, how long texts are, and how a reply is corrected."""

    kind: str
    name: str
    actions: list[Able]
    listening: Able
    hears: list[str]
    public: Length | None
    private: Length | None
    correction: str


class NetworkWithFacts(Network):
    """One network with everything that is known of it."""

    facts: list[Fact]


@router.get("/networks", response=list[Network], auth=Key(KeyRight.NETWORKS), summary="All networks")
def index(request: HttpRequest) -> list[dict[str, Any]]:
    """Every network that this installation speaks to."""
    return [_network(found) for found in networks()]


@router.get(
    "/networks/{kind}", response=NetworkWithFacts, auth=Key(KeyRight.NETWORKS), summary="One network and its facts"
)
def show(request: HttpRequest, kind: str) -> dict[str, Any]:
    """One network with every fact, its source and its state."""
    try:
        found = network(kind)
    except LookupError as error:
        raise HttpError(404, "hilft speaks to no network of this name.") from error
    return _network(found) | {"facts": [_fact(known) for known in found.facts]}


def _network(found: Capabilities) -> dict[str, Any]:
    return {
        "kind": found.kind.kind,
        "name": str(found.kind.label),
        "actions": [_able(ability) for ability in found.actions],
        "listening": _able(found.listening),
        "hears": [str(way.name).lower() for way in found.hears],
        "public": _length(found.public),
        "private": _length(found.private),
        "correction": found.correction.value,
    }


def _able(ability: Ability) -> dict[str, Any]:
    return {"action": ability.action, "allowed": ability.able, "facts": [known.name for known in ability.facts]}


def _length(limits: Limits | None) -> dict[str, Any] | None:
    if limits is None:
        return None
    return {"text": limits.text, "unit": limits.unit, "bytes": limits.bytes, "url": limits.url}


def _fact(known: Known) -> dict[str, Any]:
    fact, override = known.fact, known.override
    changed = {"shipped": fact.value, "source": override.source, "at": override.at} if override else None
    return {
        "name": known.name,
        "value": known.value,
        "unit": fact.unit,
        "say": gettext(fact.say),
        "source": fact.source,
        "date": fact.date,
        "status": fact.status,
        "about": fact.about,
        "changed": changed,
    }
