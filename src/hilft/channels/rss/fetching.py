"""Fetches a feed's bytes: only when they changed, never more than we take, and says what went wrong."""

from __future__ import annotations

import email.utils
import functools
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx2

from hilft.channels.contract import ChannelError, Config, Refused, RetryLater

LONGEST: Final = 60.0
"""Seconds a whole answer may take, however slowly it drips."""

REDIRECTS: Final = 5
TIMEOUT: Final = 20.0
CONNECT: Final = 5.0
LATER: Final = timedelta(minutes=1)
ACCEPT: Final = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.8"


@dataclass(frozen=True)
class Answer:
    """What the server sent; `content` is None when the feed is as it was."""

    content: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


class Fetcher:
    """Conditional requests for one address."""

    def __init__(self, config: Config) -> None:
        self.url = str(config.settings["url"])
        self._largest = int(config.facts["limit.feed"])
        timeout = float(config.settings.get("timeout_seconds", TIMEOUT))
        self._client = httpx2.Client(
            headers={"User-Agent": "hilft", "Accept": ACCEPT},
            timeout=httpx2.Timeout(timeout, connect=min(timeout, CONNECT)),
            follow_redirects=True,
            max_redirects=REDIRECTS,
            trust_env=False,
            verify=_trust(),
        )

    def fetch(self, etag: str = "", modified: str = "") -> Answer:
        """The feed, unless it is as the two validators say; raises RetryLater and Refused."""
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        asked = {name: value for name, value in headers.items() if value}
        try:
            with self._client.stream("GET", self.url, headers=asked) as response:
                return self._taken(response)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise Refused(f"{self.url} is not an address of a feed: {error}") from error
        except httpx2.TooManyRedirects as error:
            raise Refused(f"{self.url} redirects more than {REDIRECTS} times.") from error
        except httpx2.DecodingError as error:
            raise Refused(f"{self.url} sends something that cannot be decompressed.") from error
        except httpx2.HTTPError as error:
            raise RetryLater(f"{self.url} does not answer: {error}", LATER) from error

    def close(self) -> None:
        self._client.close()

    def _taken(self, response: httpx2.Response) -> Answer:
        if response.status_code == 304:
            return Answer(content=None)
        if not response.is_success:
            raise self._meaning(response)
        content, began = bytearray(), time.monotonic()
        for part in response.iter_bytes():
            content += part
            if len(content) > self._largest:
                raise Refused(f"{self.url} is larger than {self._largest // 1024 // 1024} MiB.")
            if time.monotonic() - began > LONGEST:
                raise RetryLater(f"{self.url} takes longer than {LONGEST:.0f} seconds.", LATER)
        return Answer(bytes(content), response.headers, str(response.url))

    def _meaning(self, response: httpx2.Response) -> ChannelError:
        status = response.status_code
        if status == 429 or status >= 500:
            return RetryLater(f"{self.url} answers {status}.", _after(response.headers.get("retry-after", "")))
        if status == 410:
            return Refused(f"{self.url} is gone for good (410).")
        return Refused(f"{self.url} answers {status}.")


def _after(value: str) -> timedelta:
    """How long to wait by a Retry-After, in seconds or as a date (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isdigit():
        return timedelta(seconds=max(min(int(value), 86_400), 1))
    try:
        until = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return LATER
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - datetime.now(UTC), timedelta(seconds=1))


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we trust, read once per process."""
    return httpx2.create_ssl_context()
