"""What comes in from a network or a mailbox, as our listeners store it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hilft.channels.commands import connect_account, store
from hilft.channels.contract import Raw
from hilft.channels.email import parsing
from hilft.channels.mastodon import statuses
from hilft.channels.models import Account
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Message

BRAND, LENA = "1", "7"
MORNING = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def status(
    number: int, text: str = "Router blinkt orange", *, who: str = LENA, edited: int = 0, parent: int = 0, root: int = 0
) -> Raw:
    """A Mastodon status as our listener stores it; `edited` counts minutes after it was written."""
    handle = "nordnetz" if who == BRAND else "lena"
    body: dict[str, Any] = {
        "id": str(number),
        "account": {"id": who, "acct": handle, "url": f"http://127.0.0.1:9/@{handle}", "display_name": handle.title()},
        "created_at": MORNING.isoformat(),
        "visibility": "public",
        "content": f"<p>@{'lena' if who == BRAND else 'nordnetz'} {text}</p>",
        "url": f"http://127.0.0.1:9/@{handle}/{number}",
        "edited_at": (MORNING + timedelta(minutes=edited)).isoformat() if edited else None,
        "in_reply_to_id": str(parent) if parent else None,
    }
    return statuses.keep(body, me=BRAND, root=str(root or parent or number))


def come_in(account: Account, *raws: Raw) -> None:
    store(account, raws)
    read_new_events()


def written(number: int) -> Message:
    return Message.objects.get(external_id=str(number))


def mail_account() -> Account:
    return connect_account(
        by=None,
        kind="email",
        name="Kundenpost",
        handle="kontakt@nordnetz.example",
        settings={"address": "kontakt@nordnetz.example", "name": "NordNetz", "inbound": "receiver"},
        secrets={"token_key": "key"},
    )


def mail(text: str, *, sender: str = "jonas@post.example", to: str = "kontakt@nordnetz.example", **more: str) -> Raw:
    headers = {
        "From": sender,
        "To": to,
        "Subject": "Router",
        "Date": "Tue, 03 Nov 2026 09:00:00 +0100",
        "Message-ID": f"<{abs(hash((text, sender)))}@post.example>",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return parsing.raw(f"{lines}\r\n{text}\r\n".encode())
