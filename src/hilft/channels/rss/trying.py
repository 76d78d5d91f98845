"""A live test of a feed: it is read, and the latest entry is shown."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from hilft.channels.contract import Task


def tasks(latest: Callable[[], str]) -> Sequence[Task]:
    """The one step there is; nothing can be written to a feed."""
    what = _("hilft reads the feed and shows its latest entry.")
    return [Task(what=what, do=latest, remedy=_("Open the address in a browser and check that it shows a feed."))]
