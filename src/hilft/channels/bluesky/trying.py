"""A live test on Bluesky, where every post is public: one is made and deleted at once."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from hilft.channels.contract import Channel, Task
from hilft.channels.trying import Probe, asking


def tasks(adapter: Channel) -> Sequence[Task]:
    """The steps; followers may see the post for a moment."""
    probe = Probe(adapter, public=True)
    what = _("It publishes a test post. Followers may see it until it is deleted, a few seconds later.")
    return [asking(adapter), probe.write(what), probe.find(), probe.remove()]
