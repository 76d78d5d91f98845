"""Whether our token still works, until when, and which rights it lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hilft.channels.contract import AuthLost, Config, Health, Refused
from hilft.channels.graph.wire import Wire


def health(wire: Wire, config: Config) -> Health:
    """Asks `debug_token`, with the app's own token where the setting `app_id` is known."""
    app = str(config.settings.get("app_id") or "")
    asker = f"{app}|{config.secrets.get('app_secret', '')}" if app else wire.token
    try:
        data = wire.read_as(asker, "debug_token", input_token=wire.token).get("data") or {}
    except (AuthLost, Refused) as error:
        return Health(ok=False, message=str(error))
    expires_at = _earliest(data.get("expires_at"), data.get("data_access_expires_at"))
    if not data.get("is_valid"):
        reason = (data.get("error") or {}).get("message") or "The token is not valid."
        return Health(ok=False, message=str(reason), expires_at=expires_at)
    missing = sorted(wire.network.scopes - set(data.get("scopes") or ()))
    if missing:
        message = f"The token lacks rights: {', '.join(missing)}. Connect the account again and grant them."
        return Health(ok=False, message=message, expires_at=expires_at)
    return Health(ok=True, message=str(data.get("application") or ""), expires_at=expires_at)


def _earliest(*moments: Any) -> datetime | None:
    """The first of the ends that are one; 0 is never."""
    ends = [moment for moment in moments if isinstance(moment, int) and moment > 0]
    return datetime.fromtimestamp(min(ends), UTC) if ends else None
