"""Practice peers as real processes on free ports."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiosmtpd.controller import Controller

import hilft
from hilft.example.content import QUESTIONS

PATIENCE = 30.0
TALK = [sys.executable, "-m", "hilft.practice.customers", "--questions", str(QUESTIONS)]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(hilft.__path__[0]).parent)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until[T](look: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """Look again and again until there is something to see."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


@contextlib.contextmanager
def peer(module: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Run a practice peer; yields what it said when it was ready."""
    command = [sys.executable, "-m", f"hilft.practice.{module}", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) in (0, -signal.SIGTERM)
        process.stdout.close()


def customers(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
    """Run the customers until they end by themselves; yields what they said."""
    command = [*TALK, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False, env=ENVIRONMENT)
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


class Api:
    """The Mastodon API as somebody."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = self.headers | options.pop("headers", {})
        return httpx2.request(method, f"{self.url}{path}", headers=headers, timeout=10, trust_env=False, **options)

    def get(self, path: str, **params: str) -> Any:
        return self.call("GET", path, params=params).raise_for_status().json()

    def post(self, text: str, key: str = "", **form: str) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.call("POST", "/api/v1/statuses", data={"status": text, **form}, headers=headers)
        return answer.raise_for_status().json()

    def edit(self, post: str, text: str) -> Any:
        return self.call("PUT", f"/api/v1/statuses/{post}", data={"status": text}).raise_for_status().json()

    def delete(self, post: str) -> None:
        self.call("DELETE", f"/api/v1/statuses/{post}").raise_for_status()


class Receiver:
    """Where hilft would receive mail: keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 – aiosmtpd’s name
        if self.answer.startswith("2"):
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answer


@contextlib.contextmanager
def receiving(port: int) -> Iterator[Receiver]:
    receiver = Receiver()
    controller = Controller(receiver, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running practice network."""
    state = tmp_path_factory.mktemp("network")
    with peer("mastodon", "--port", str(free_port()), "--state", str(state)) as ready:
        yield ready["url"]
