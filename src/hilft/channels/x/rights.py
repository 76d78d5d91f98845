"""What X lets us do with a post, and at what price: arithmetic on the ledger and on what we know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilft.channels.contract import Action, Allowed, Ref, Standing
from hilft.channels.x.messages import MARK
from hilft.channels.x.texts import has_link

NOT_ADDRESSED: Final = gettext_noop(
    "X lets us reply only to people who mentioned or quoted us, and this person did not."
)
NO_EDITS: Final = gettext_noop("X lets nobody edit a reply to somebody else. Publish a visible correction below it.")
NOT_FOR_BOTH: Final = gettext_noop(
    "Deleting a direct message removes it for us only; the customer keeps it. Write a correction."
)
NOT_PUBLIC: Final = gettext_noop("A direct message cannot be answered in public. Reply with a direct message.")
NOT_HIDDEN: Final = gettext_noop("Only public replies can be hidden, and this is a direct message.")


def allowed(
    action: Action, target: Ref, standing: Standing, facts: Mapping[str, Any], paused: datetime | None
) -> Allowed:
    """Whether an action is open; `paused` is until when X takes no more of its kind."""
    private = target.id.startswith(MARK)
    verdict = _RULES[action](private, standing, facts)
    if verdict.ok and paused:
        reason = _("X takes no more of these until %(time)s UTC. Wait until then.") % {"time": f"{paused:%H:%M}"}
        return Allowed(ok=False, reason=reason, until=paused, price=verdict.price)
    return verdict


def _reply(private: bool, standing: Standing, facts: Mapping[str, Any]) -> Allowed:
    if private:
        return Allowed(ok=False, reason=_(NOT_PUBLIC), instead=("private",))
    if not standing.addressed and facts["right.reply_needs_mention"]:
        if standing.heard_privately:
            advice = _("Write a direct message, as this person wrote us one before.")
            return Allowed(ok=False, reason=f"{_(NOT_ADDRESSED)} {advice}", instead=("private",))
        advice = _("Let a person reply or quote in the X app, or wait until they speak to us.")
        return Allowed(ok=False, reason=f"{_(NOT_ADDRESSED)} {advice}")
    return Allowed(ok=True, price=_price(facts, "price.post_with_url" if has_link(standing.text) else "price.post"))


def _private(private: bool, standing: Standing, facts: Mapping[str, Any]) -> Allowed:
    return Allowed(ok=True, price=_price(facts, "price.dm"))


def _edit(private: bool, standing: Standing, facts: Mapping[str, Any]) -> Allowed:
    return Allowed(ok=False, reason=_(NO_EDITS), instead=("private",) if private else ("reply", "delete"))


def _delete(private: bool, standing: Standing, facts: Mapping[str, Any]) -> Allowed:
    if private and not facts["right.delete_dm_for_both"]:
        return Allowed(ok=False, reason=_(NOT_FOR_BOTH), instead=("private",))
    return Allowed(ok=True, price=_price(facts, "price.delete"))


def _hide(private: bool, standing: Standing, facts: Mapping[str, Any]) -> Allowed:
    if private:
        return Allowed(ok=False, reason=_(NOT_HIDDEN))
    return Allowed(ok=True, price=_price(facts, "price.hide"))


_RULES: Final = {"reply": _reply, "private": _private, "edit": _edit, "delete": _delete, "hide": _hide}


def _price(facts: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(str(facts[name]))
