"""Until when Meta lets us write to somebody in private: arithmetic on the ledger, the clock and what we know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from hilft.channels.contract import Allowed, Config, Standing
from hilft.channels.graph.network import Network


class Windows:
    """The one private reply to a comment, and the time to write after a person wrote to us."""

    def __init__(self, config: Config, network: Network) -> None:
        self._network = network
        self._reply = timedelta(seconds=config.facts["window.private_reply"])
        agent = bool(config.settings.get("human_agent"))
        self._message = timedelta(seconds=config.facts["window.human_agent" if agent else "window.message"])

    def comment(self, standing: Standing) -> Allowed:
        """Whether we may write privately to the author of a comment or post."""
        name, inbox, now = self._network.name, self._network.inbox, datetime.now(UTC)
        heard = standing.heard_privately
        ends = [heard + self._message] if heard else []
        if standing.private_replies == 0:
            if standing.at is None:
                return Allowed(ok=True)
            ends.append(standing.at + self._reply)
        until = max(ends, default=None)
        if until is not None and now <= until:
            return Allowed(ok=True, until=until)
        if heard:
            reason = _("The time to write to this person in %(inbox)s ended on %(end)s.")
        elif standing.private_replies:
            reason = _("%(network)s allows one private reply to a comment, and it was sent.")
        else:
            reason = _("The %(days)s days for a private reply ended on %(end)s.")
        advice = _("Answer in public, or wait until this person writes in %(inbox)s.")
        told = {"network": name, "inbox": inbox, "days": self._reply.days, "end": spoken(until)}
        return Allowed(ok=False, reason=f"{reason} {advice}" % told, until=until, instead=("reply",))

    def message(self, standing: Standing) -> Allowed:
        """Whether we may answer a private message; without a time of the last one Meta has to decide."""
        times = [at for at in (standing.heard_privately, standing.at) if at is not None]
        if not times:
            return Allowed(ok=True)
        until = max(times) + self._message
        if datetime.now(UTC) <= until:
            return Allowed(ok=True, until=until)
        told = {"inbox": self._network.inbox, "end": spoken(until)}
        ended = _("The time to answer in %(inbox)s ended on %(end)s. Wait until this person writes to us again.")
        reason = ended % told
        return Allowed(ok=False, reason=reason, until=until)


def spoken(moment: datetime | None) -> str:
    """A time for people, to the second because windows end to the second."""
    if moment is None:
        return _("an unknown day")
    return formats.date_format(timezone.localtime(moment), _("j F Y, H:i:s"))
