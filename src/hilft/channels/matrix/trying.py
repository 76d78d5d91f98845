"""A live test on Matrix: a message in a room that a person names, redacted again."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from hilft.channels.contract import Channel, Outgoing, Refused, Sent, Task
from hilft.channels.trying import Probe, asking

type Write = Callable[[str, Outgoing], Sent]
type Find = Callable[[str, Outgoing], Sent | None]


def tasks(adapter: Channel, room: str, *, resolve: Callable[[str], str], write: Write, find: Find) -> Sequence[Task]:
    """The steps; `room` is an id or an address, as people see it."""
    places: list[str] = []

    def look_up() -> str:
        if not room:
            raise Refused(_("No room was named."))
        places.append(resolve(room))
        return places[0]

    probe = Probe(
        adapter,
        public=True,
        publish=lambda outgoing: write(places[0], outgoing),
        lookup=lambda outgoing: find(places[0], outgoing),
    )
    invite = _("Invite the account into the room, and let it write there.")
    return [
        asking(adapter),
        Task(what=_("It looks up the room."), do=look_up, remedy=_("Name a room by its address or its id.")),
        probe.write(_("It writes a test into the room, which everybody there sees."), invite),
        probe.find(),
        probe.remove(),
    ]
