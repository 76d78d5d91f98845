"""How practice customers reach the peers: HTTP with JSON back, and SMTP."""

import asyncio
import smtplib
from email.message import EmailMessage
from typing import Any

import httpx2


class Down(Exception):
    """The other side cannot be reached or does not work just now; trying later makes sense."""


class Gone(Exception):
    """The other side refuses this for good."""


class Http:
    """Calls to one network; `name` is how its complaints begin."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._http = httpx2.AsyncClient(base_url=url, timeout=10, trust_env=False)

    async def call(self, method: str, path: str, **options: Any) -> Any:
        """The answer as JSON, None for an empty one; raises Down or Gone."""
        try:
            answer = await self._http.request(method, path, **options)
        except httpx2.HTTPError as error:
            raise Down(f"{self._name}: {error or type(error).__name__}") from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Down(f"{self._name}: status {answer.status_code}")
        if answer.status_code >= 400:
            raise Gone(f"{self._name}: {answer.text[:200]}")
        return answer.json() if answer.content else None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


async def send_mail(host: str, port: int, message: EmailMessage) -> None:
    """Hand a message to the SMTP server."""
    await asyncio.to_thread(_send_mail, host, port, message)


def _send_mail(host: str, port: int, message: EmailMessage) -> None:
    try:
        with smtplib.SMTP(host, port, timeout=10) as server:
            server.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        raise Gone(f"SMTP: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Down(f"SMTP: {error}") from error
