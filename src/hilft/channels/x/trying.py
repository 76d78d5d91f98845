"""A live test on X: a direct message to somebody who is named, or a post that is deleted at once."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hilft.channels.contract import Channel, Person, Task
from hilft.channels.trying import Probe, asking


def tasks(adapter: Channel, to: str, facts: Mapping[str, Any], find: Callable[[str], Person]) -> Sequence[Task]:
    """The steps, with what X charges for them."""
    return _message(adapter, to, facts, find) if to else _post(adapter, facts)


def _post(adapter: Channel, facts: Mapping[str, Any]) -> Sequence[Task]:
    probe = Probe(adapter, public=True)
    usd = sum(Decimal(str(facts[name])) for name in ("price.post", "price.delete"))
    what = _(
        "It publishes a test post. Followers may see it until it is deleted, a few seconds later. "
        "X charges %(usd)s US dollars for both."
    )
    return [asking(adapter), probe.write(what % {"usd": number_format(usd)}), probe.find(), probe.remove()]


def _message(adapter: Channel, to: str, facts: Mapping[str, Any], find: Callable[[str], Person]) -> Sequence[Task]:
    people: list[Person] = []

    def look_up() -> str:
        people.append(find(to))
        return f"@{people[0].handle} ({people[0].name})"

    probe = Probe(adapter, public=False, to=lambda: people[0])
    usd = Decimal(str(facts["price.dm"]))
    what = _("It sends a direct message to @%(handle)s, which stays there. X charges %(usd)s US dollars.")
    return [
        asking(adapter),
        Task(
            what=_("It looks up @%(handle)s.") % {"handle": to},
            do=look_up,
            remedy=_("Check how the handle is written."),
        ),
        probe.write(
            what % {"handle": to, "usd": number_format(usd)},
            _("The person may not accept messages from you, or the app may not have the right to send them."),
        ),
        probe.find(),
    ]
