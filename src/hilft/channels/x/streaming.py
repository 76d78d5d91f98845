"""One open stream of X: whole lines into a queue, opened again whenever it breaks, ends or falls silent."""

from __future__ import annotations

import contextlib
import logging
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple

import httpx2

from hilft.channels.contract import AuthLost, ChannelError, Config, RetryLater
from hilft.channels.x.ladder import Ladder
from hilft.channels.x.wire import Limited, Wire

log = logging.getLogger(__name__)
SECOND: Final = timedelta(seconds=1)

type Source = Literal["activity", "terms"]


class Said(NamedTuple):
    """One line of a stream; an empty one says that the stream was opened and something may have been missed."""

    source: Source
    line: bytes


class Stream:
    """Reads one stream in a thread until closed; its credentials being lost is raised by `check`."""

    def __init__(
        self,
        wire: Wire,
        config: Config,
        source: Source,
        path: str,
        heard: queue.Queue[Said],
        *,
        query: Mapping[str, str] | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._wire = wire
        self._source: Source = source
        self._path = path
        self._query = dict(query or {})
        self._heard = heard
        self._prepare = prepare
        self._silence = float(config.facts["stream.heartbeat"]) + float(config.facts["stream.grace"])
        self._ladder = Ladder(config.facts)
        self._closed = threading.Event()
        self._response: httpx2.Response | None = None
        self._lost: AuthLost | None = None
        self.connected = False
        threading.Thread(target=self._run, name=f"x-{source}", daemon=True).start()

    def check(self) -> None:
        """Raises AuthLost when X no longer takes the app's keys."""
        if self._lost is not None:
            raise self._lost

    def close(self) -> None:
        self._closed.set()
        if self._response is not None:
            _shut(self._response)

    def _run(self) -> None:
        while not self._closed.is_set():
            pause = 0.0
            try:
                spoke = self._read()
                pause = 0.0 if spoke else self._ladder.pause("network")
            except AuthLost as lost:
                self._lost = lost
                return
            except Limited as limited:
                pause = max(self._ladder.pause("limit"), limited.after / SECOND)
                log.warning("X limits the stream %s: %s", self._source, limited)
            except RetryLater as later:
                pause = max(self._ladder.pause("http"), later.after / SECOND)
                log.warning("The stream %s of X is not open: %s", self._source, later)
            except ChannelError as error:
                pause = self._ladder.pause("http")
                log.warning("X refuses the stream %s: %s", self._source, error)
            except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
                pause = 0.0 if self.connected else self._ladder.pause("network")
                log.info("The stream %s of X broke: %s", self._source, error)
            finally:
                self.connected = False
            self._closed.wait(pause)

    def _read(self) -> bool:
        """Follows the stream to its end; whether it said anything at all."""
        if self._prepare:
            self._prepare()
        timeout = httpx2.Timeout(self._silence, connect=5.0)
        auth = self._wire.app
        with self._wire.client.stream("GET", self._path, params=self._query, auth=auth, timeout=timeout) as response:
            if not response.is_success:
                response.read()
                self._wire.refuse(f"GET {self._path}", response)
            self._response = response
            self._heard.put(Said(self._source, b""))
            return self._follow(response)

    def _follow(self, response: httpx2.Response) -> bool:
        spoke = False
        for line in whole_lines(response.iter_bytes()):
            if self._closed.is_set():
                return True
            if not spoke:
                spoke = self.connected = True
                self._ladder.reset()
            if line:
                self._heard.put(Said(self._source, line))
        return spoke


def whole_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The complete lines of a stream, empty ones as signs of life; half a line at the end is dropped.

    Only a line feed ends a line: other separators may stand inside a post.
    """
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.strip()


def _shut(response: httpx2.Response) -> None:
    """Ends a read that another thread waits in."""
    stream: Any = response.extensions.get("network_stream")
    raw = stream.get_extra_info("socket") if stream else None
    if isinstance(raw, socket.socket):
        with contextlib.suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
