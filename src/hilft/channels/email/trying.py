"""A live test of a mailbox: a mail to its own address, which has to come back the way customers' mails do."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from hilft.channels.contract import Channel, Person, Ref, Task
from hilft.channels.trying import Probe, asking, awaited


def tasks(adapter: Channel, address: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
    """The steps; our own mail becomes no conversation, because hilft knows its number."""
    probe = Probe(adapter, public=False, to=lambda: Person(id=address, handle=address))

    def listen() -> str:
        missing = _("The mail was sent and has not come in.")
        awaited(lambda: bool(probe.sent and heard(probe.sent.ref)) or None, missing)
        return ""

    remedy = _("Look into the mailbox: if the mail lies there, hilft does not read it; if not, the server lost it.")
    return [
        asking(adapter),
        probe.write(_("It sends a mail to %(address)s.") % {"address": address}, _("Check SMTP server and password.")),
        Task(what=_("It waits until its own listening brings the mail in."), do=listen, remedy=remedy),
    ]
