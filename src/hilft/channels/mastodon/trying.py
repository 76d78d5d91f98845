"""A live test on Mastodon: a direct status to ourselves, which nobody else sees, deleted again."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hilft.channels.contract import Channel, Person, Task
from hilft.channels.trying import Probe, asking


def tasks(adapter: Channel) -> Sequence[Task]:
    """The steps; whom it goes to is asked of the server, because a handle can change."""

    def ourselves() -> Person:
        return Person(id="", handle=adapter.check().message)

    probe = Probe(adapter, public=False, to=ourselves)
    what = _("It writes a direct post to this account itself, which nobody else sees.")
    return [asking(adapter), probe.write(what), probe.find(), probe.remove()]
