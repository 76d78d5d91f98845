"""Keeps the channel contract with e-mail."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    AuthLost,
    Can,
    ChannelError,
    Config,
    Correct,
    Event,
    Health,
    Limits,
    Outgoing,
    Person,
    Raw,
    Ref,
    Refused,
    Sent,
    Standing,
    Task,
    Unknown,
)
from hilft.channels.email import parsing, trying
from hilft.channels.email.composing import compose, recipient
from hilft.channels.email.mailbox import Mailbox
from hilft.channels.email.marks import Marks
from hilft.channels.email.receiver import Receiver
from hilft.channels.email.sending import Sender

log = logging.getLogger(__name__)

PRIVATE = gettext_noop("A mail is never public.")
FINAL = gettext_noop("A mail that was sent stays sent; only a further mail can correct it.")


class Adapter:
    """One address, read from a mailbox or received directly.

    `settings`: address, name, inbound ("imap" or "receiver"), imap_host, imap_port, imap_tls, imap_user,
    imap_folder, imap_sent, sent_by_server, smtp_host, smtp_port, smtp_tls, smtp_user, receiver_host,
    receiver_port, receiver_protocol; `secrets`: imap_password, smtp_password, token_key. TLS is "ssl",
    "starttls" or "none". `imap_sent` names the folder of sent mails; `sent_by_server` says that the mail
    server files them there itself.
    """

    kind: ClassVar[str] = parsing.KIND
    correction: ClassVar[Correct] = Correct.FOLLOW_UP
    idempotent: ClassVar[bool] = False
    tries_with: ClassVar[Literal["", "handle", "room"]] = ""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._marks = Marks(config)
        self._limits = Limits(int(config.facts["limit.text"]), "codepoint")
        self._filed = timedelta(seconds=float(config.facts["window.filed"]))
        self._mailbox = Mailbox(config) if config.settings.get("imap_host") else None
        self._receives = config.settings.get("inbound") == "receiver"
        self._sent_folder = bool(self._mailbox and config.settings.get("imap_sent"))
        self._sent_by_server = bool(config.settings.get("sent_by_server"))
        self._sender = Sender(config)

    def can(self) -> Can:
        return Can.STREAM | Can.PRIVATE | (Can(0) if self._receives else Can.POLL)

    def limits(self, *, public: bool) -> Limits:
        return self._limits

    def prefix(self, to: Person | None, *, public: bool) -> str:
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        if action == "private":
            return Allowed(ok=True)
        return Allowed(ok=False, reason=_(PRIVATE) if action == "reply" else _(FINAL))

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        """Mails since the cursor; a receiver cannot be asked, it is told."""
        if self._receives or self._mailbox is None:
            return [], cursor
        return self._mailbox.since(cursor)

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        if self._receives or self._mailbox is None:
            return Receiver(self._config, self._marks).listen(cursor, stop)
        return self._mailbox.listen(cursor, stop)

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        """Nothing: a mail does not change."""
        return []

    def parse(self, body: bytes) -> list[Event]:
        return parsing.read(body, self._config)

    def publish(self, outgoing: Outgoing) -> Sent:
        if outgoing.public:
            raise Refused(_(PRIVATE))
        message = compose(outgoing, self._marks, self._config)
        octets = message.as_bytes()
        self._sender.send(self._marks.address, recipient(outgoing), octets)
        self._file(octets)
        return self._sent(outgoing, datetime.now(UTC))

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        raise Refused(_(FINAL))

    def delete(self, ref: Ref) -> None:
        raise Refused(_(FINAL))

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Looks among the sent mails; absence proves something only later, and where the server files them."""
        if self._mailbox is None or not self._sent_folder:
            raise Unknown("There is no folder of sent mails to look into.")
        at = self._mailbox.sent(self._marks.message_id(outgoing))
        if at is not None:
            return self._sent(outgoing, at)
        if self._sent_by_server and outgoing.begun_at and datetime.now(UTC) - outgoing.begun_at > self._filed:
            return None
        raise Unknown("The mail is not among the sent ones, which does not say that it was not sent.")

    def check(self) -> Health:
        try:
            if self._mailbox is not None:
                self._mailbox.check()
            self._sender.check()
        except (AuthLost, Refused) as error:
            return Health(ok=False, message=str(error))
        return Health(ok=True, message=self._marks.address)

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        return trying.tasks(self, self._marks.address, heard)

    def close(self) -> None:
        """Nothing to close: each connection ends with its task."""

    def _file(self, message: bytes) -> None:
        """Files a sent mail; that it was sent stays true when this fails."""
        if self._mailbox is None or not self._sent_folder or self._sent_by_server:
            return
        try:
            self._mailbox.keep_sent(message)
        except ChannelError as error:
            log.warning("A sent mail could not be filed: %s", error)

    def _sent(self, outgoing: Outgoing, at: datetime) -> Sent:
        return Sent(ref=Ref(self.kind, self._config.account, self._marks.message_id(outgoing)), at=at)
