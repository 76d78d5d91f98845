"""Where the practice server is kinder or stranger than a real Mastodon server, it is made to behave like one."""

import re
from typing import Any

from fastapi import FastAPI
from mastodon_mock import content_format, services, streaming, streaming_events
from mastodon_mock.db.models import Account, Notification, Status, StatusMention
from mastodon_mock.deps import DbSession
from mastodon_mock.routers import statuses
from mastodon_mock.routers import streaming as streaming_routes
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

_MENTION = re.compile(r"(?<![\w/@.-])@(\w{1,30})(?![\w@])", re.ASCII)

_plain_create = statuses._create_status_from_params
_plain_mentions = services.parse_mentions
_plain_html = content_format.render_status_html
_plain_sse = streaming.sse_format
_plain_delete = streaming_events.emit_status_delete


def apply(domain: str) -> None:
    """Change the server's behaviour in this process; `domain` is the name it answers to in handles."""

    def mentions(session: Session, text: str, exclude_account_id: int) -> list[Account]:
        """Handles do not depend on case, and `@name@here` is `@name`."""
        found = {account.id: account for account in _plain_mentions(session, text, exclude_account_id)}
        own = text.lower().replace(f"@{domain.lower()}", "")
        found |= {account.id: account for account in _plain_mentions(session, own, exclude_account_id)}
        return list(found.values())

    def html(text: str) -> str:
        """Handles are links in the markup that every Mastodon server writes."""
        anchor = rf'<a href="http://{domain}/@\1" class="u-url mention">@<span>\1</span></a>'
        return _MENTION.sub(f'<span class="h-card" translate="no">{anchor}</span>', _plain_html(text))

    # A router keeps the names it imported, so each is changed where it is looked up.
    for module, name, change in (
        (services, "parse_mentions", mentions),
        (statuses, "render_status_html", html),
        (statuses, "_create_status_from_params", _create),
        (statuses, "emit_status_delete", _emit_delete),
        (streaming_routes, "sse_format", _sse),
    ):
        setattr(module, name, change)


def _create(db: DbSession, account: Account, params: dict[str, Any]) -> Status:
    """A reply to a post that is gone is refused with 404; the kinder server would take it."""
    if params.get("in_reply_to_id"):
        statuses._get_status_or_404(db, str(params["in_reply_to_id"]))
    return _plain_create(db, account, params)


def _sse(name: str, payload: Any) -> bytes:
    """An edit is called `status.update` on the wire."""
    return _plain_sse("status.update" if name == "status_update" else name, payload)


def _emit_delete(app: FastAPI, session: Session, status: Status) -> None:
    """Mentioned accounts learn of a deletion too, and their notifications of the post go with it."""
    _plain_delete(app, session, status)
    mentioned = session.scalars(select(StatusMention.account_id).where(StatusMention.status_id == status.id))
    missed = {streaming.user_channel(account) for account in mentioned} - streaming_events._status_channels(
        session, status
    )
    streaming.publish(app, "delete", str(status.id), missed)
    session.execute(delete(Notification).where(Notification.status_id == status.id))
