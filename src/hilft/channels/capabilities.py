"""What each network lets us do, drawn from its adapter and its ledger: nothing here is written down a second time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hilft.channels import ledger
from hilft.channels.contract import Action, Can, Correct, Limits
from hilft.channels.ledger import Fact
from hilft.channels.models import Override
from hilft.channels.registry import KINDS, KindOfChannel, sample

ACTIONS: Final[Mapping[Action, Can]] = {
    "reply": Can.REPLY,
    "private": Can.PRIVATE,
    "edit": Can.EDIT,
    "delete": Can.DELETE,
    "hide": Can.HIDE,
}
LISTENING: Final = (Can.STREAM, Can.WEBHOOK, Can.POLL)


@dataclass(frozen=True)
class Known:
    """A fact as it holds here: what ships, and what an operator put in its place."""

    name: str
    fact: Fact
    override: Override | None = None

    @property
    def value(self) -> bool | int | float | str:
        """The value that holds."""
        found: bool | int | float | str = self.override.value if self.override else self.fact.value
        return found


@dataclass(frozen=True)
class Ability:
    """One thing that may be done on a network: whether at all, and the facts that bear on it.

    `conditions` are facts that say yes or no, `terms` those with a number: a time, a price, a limit.
    """

    action: str
    able: bool
    facts: tuple[Known, ...] = ()

    @property
    def conditions(self) -> tuple[Known, ...]:
        return tuple(known for known in self.facts if isinstance(known.fact.value, bool))

    @property
    def terms(self) -> tuple[Known, ...]:
        return tuple(known for known in self.facts if not isinstance(known.fact.value, bool))


@dataclass(frozen=True)
class Capabilities:
    """One network: `public` and `private` are the limits of texts, None where there is no such text."""

    kind: KindOfChannel
    actions: tuple[Ability, ...]
    listening: Ability
    hears: tuple[Can, ...]
    public: Limits | None
    private: Limits | None
    correction: Correct
    facts: tuple[Known, ...]


def networks() -> list[Capabilities]:
    """Every network that hilft speaks to, in the order people know them."""
    overrides: dict[str, dict[str, Override]] = defaultdict(dict)
    for override in Override.objects.select_related("by").order_by("kind", "name"):
        overrides[override.kind][override.name] = override
    return [_of(kind, overrides[kind]) for kind in KINDS]


def network(kind: str) -> Capabilities:
    """One network; raises LookupError for a kind that hilft does not speak to."""
    if kind not in KINDS:
        raise LookupError(kind)
    overrides = Override.objects.filter(kind=kind).select_related("by").order_by("name")
    return _of(kind, {override.name: override for override in overrides})


def _of(kind: str, overrides: Mapping[str, Override]) -> Capabilities:
    adapter = sample(kind)
    can = adapter.can()
    facts = tuple(Known(name, fact, overrides.get(name)) for name, fact in ledger.facts(kind).items())

    def ability(action: str, able: bool) -> Ability:
        return Ability(action, able, tuple(known for known in facts if known.fact.about == action))

    hears = tuple(way for way in LISTENING if way in can)
    return Capabilities(
        kind=KINDS[kind],
        actions=tuple(ability(action, needed in can) for action, needed in ACTIONS.items()),
        listening=ability("listen", bool(hears)),
        hears=hears,
        public=adapter.limits(public=True) if Can.REPLY in can else None,
        private=adapter.limits(public=False) if Can.PRIVATE in can else None,
        correction=adapter.correction,
        facts=facts,
    )
