"""The two ways practice customers reach us: the Mastodon API as themselves, and SMTP."""

import asyncio
import smtplib
from email.message import EmailMessage
from typing import Any

import httpx2


class Down(Exception):
    """The other side cannot be reached or does not work just now; trying later makes sense."""


class Gone(Exception):
    """The other side refuses this for good."""


class Network:
    """The practice network seen by its customers."""

    def __init__(self, url: str) -> None:
        self._http = httpx2.AsyncClient(base_url=url, timeout=10, trust_env=False)

    async def post(self, token: str, text: str, *, language: str, key: str, reply_to: str = "") -> str:
        """Post as the owner of the token and return the post's id; the key makes a repetition harmless."""
        form = {"status": text, "language": language} | ({"in_reply_to_id": reply_to} if reply_to else {})
        answer = await self._call("POST", "/api/v1/statuses", token, data=form, headers={"Idempotency-Key": key})
        return str(answer["id"])

    async def edit(self, token: str, post: str, text: str) -> None:
        """Change an own post."""
        await self._call("PUT", f"/api/v1/statuses/{post}", token, data={"status": text})

    async def delete(self, token: str, post: str) -> None:
        """Delete an own post."""
        await self._call("DELETE", f"/api/v1/statuses/{post}", token)

    async def mentions(self, token: str, since: str) -> list[dict[str, Any]]:
        """New mentions of the owner of the token, oldest first."""
        query = {"types[]": "mention", "limit": "40"} | ({"since_id": since} if since else {})
        found: list[dict[str, Any]] = await self._call("GET", "/api/v1/notifications", token, params=query)
        return sorted(found, key=lambda notification: int(notification["id"]))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _call(
        self,
        method: str,
        path: str,
        token: str,
        *,
        data: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        try:
            answer = await self._http.request(
                method, path, data=data, params=params, headers={"Authorization": f"Bearer {token}"} | (headers or {})
            )
        except httpx2.HTTPError as error:
            raise Down(f"Mastodon: {error or type(error).__name__}") from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Down(f"Mastodon: status {answer.status_code}")
        if answer.status_code >= 400:
            raise Gone(f"Mastodon: {answer.text[:200]}")
        return answer.json()


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
