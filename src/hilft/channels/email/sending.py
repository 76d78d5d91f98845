"""Sends a mail over SMTP and says how certain the outcome is."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from datetime import timedelta
from typing import Final

from hilft.channels.contract import AuthLost, ChannelError, Config, Refused, RetryLater, Unknown

LATER: Final = timedelta(seconds=20)
TIMEOUT: Final = 30.0
TAKING: Final = 120.0
"""Seconds a server may take over a mail it has; RFC 5321 allows ten minutes, a person waits less."""
CREDENTIALS: Final = {530, 534, 535, 538}


class Sender:
    """The account's SMTP server; `settings: smtp_host, smtp_port, smtp_tls, smtp_user`."""

    def __init__(self, config: Config) -> None:
        self._settings = config.settings
        self._password = config.secrets.get("smtp_password", "")
        self._timeout = float(config.settings.get("smtp_timeout_seconds", TIMEOUT))
        self._taking = float(config.settings.get("smtp_timeout_seconds", TAKING))

    def send(self, sender: str, to: str, message: bytes) -> None:
        """Returns when the server took the mail; after its last byte a silence is Unknown."""
        server = self._connected()
        try:
            self._offered(server, sender, to)
            self._given(server, message)
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def check(self) -> None:
        """Logs in and out; raises what is wrong."""
        server = self._connected()
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        host, tls = str(settings["smtp_host"]), str(settings.get("smtp_tls", "starttls")).lower()
        port = int(settings.get("smtp_port", 587))
        server: smtplib.SMTP | None = None
        try:
            if tls in {"ssl", "tls", "true"}:
                server = smtplib.SMTP_SSL(host, port, timeout=self._timeout, context=ssl.create_default_context())
            else:
                server = smtplib.SMTP(host, port, timeout=self._timeout)
            if tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if user := str(settings.get("smtp_user", "")):
                server.login(user, self._password)
        except (OSError, smtplib.SMTPException) as error:
            if server is not None:
                server.close()
            raise _before(error) from error
        return server

    def _offered(self, server: smtplib.SMTP, sender: str, to: str) -> None:
        """The envelope; until here nothing was sent."""
        try:
            server.ehlo_or_helo_if_needed()
            for code, answer in (server.mail(sender), server.rcpt(to), server.docmd("DATA")):
                if code >= 400:
                    raise _meaning(code, answer)
        except (OSError, smtplib.SMTPException) as error:
            raise _before(error) from error

    def _given(self, server: smtplib.SMTP, message: bytes) -> None:
        """The mail itself; only a refusal is certain."""
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
        quoted = re.sub(rb"(?m)^\.", b"..", lines)
        try:
            if server.sock is not None:
                server.sock.settimeout(self._taking)
            server.send(quoted + (b"" if quoted.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(f"The mail server took the mail and did not say so: {error}") from error
        if code >= 400:
            raise _meaning(code, answer)


def _before(error: Exception) -> ChannelError:
    """What a failure before the mail itself means: certainly nothing was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _meaning(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused(f"The mail server cannot do this: {error}")
    return RetryLater(f"The mail server cannot be reached: {error}", LATER)


def _meaning(code: int, answer: bytes | str) -> ChannelError:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    if code in CREDENTIALS:
        return AuthLost(f"The mail server no longer accepts the password: {code} {text}")
    if code >= 500:
        return Refused(f"The mail server refuses: {code} {text}")
    return RetryLater(f"The mail server asks for patience: {code} {text}", LATER, scope="target")
