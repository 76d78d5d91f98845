"""A loopback proxy between an adapter and its peer that can lose answers, as networks do."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """Forwards bytes to `target`; while `losing` is set, the peer's answers are dropped."""

    target: int
    port: int = 0
    losing: threading.Event = field(default_factory=threading.Event)
    after: bytes = b""
    """Bytes the client must have sent before answers are lost; empty: at once."""
    lost: int = 0
    """How many answers were lost."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        sent = bytearray()
        with client, socket.create_connection(("127.0.0.1", self.target)) as peer:
            back = threading.Thread(target=self._answers, args=(peer, client, sent), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while data := client.recv(65536):
                    sent += data
                    peer.sendall(data)
                peer.shutdown(socket.SHUT_WR)
            back.join()

    def _answers(self, peer: socket.socket, client: socket.socket, sent: bytearray) -> None:
        with contextlib.suppress(OSError):
            while data := peer.recv(65536):
                if self.losing.is_set() and self.after in sent:
                    self.lost += 1
                    break
                client.sendall(data)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def lossy_proxy(target: int, *, after: bytes = b"") -> Iterator[Proxy]:
    """A proxy before the peer on port `target`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(target=target, port=listener.getsockname()[1], after=after)
        threading.Thread(target=proxy.serve, args=(listener,), daemon=True).start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
