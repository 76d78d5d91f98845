"""`hilft practice`: what it says, what it serves until it is ended, and what it refuses."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from hilft.cli.instance import SOURCE
from hilft.practice.accounts import x_keys
from hilft.practice.meta import people
from tests.installation import hilft
from tests.practice.conftest import free_port

CLI = [sys.executable, "-m", "hilft.cli", "practice"]


@contextmanager
def practising(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, ready to be asked; it must end by SIGTERM."""
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    pipe = subprocess.PIPE
    with subprocess.Popen([*CLI, *arguments], stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            assert '"ready": true' in process.stdout.readline()
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    ("name", "brand", "keys"),
    [
        ("x", "@nordnetz", x_keys()[:4]),
        ("meta", people.PAGE_NAME, (people.PAGE_ID, people.INSTAGRAM_ID, people.page_token(), people.app_secret())),
    ],
)
def test_it_serves_its_page_and_says_where_and_with_which_keys(
    tmp_path: Path, name: str, brand: str, keys: tuple[str, ...]
):
    port = free_port()
    with practising(name, "--port", str(port), "--data", str(tmp_path)) as process:
        page = httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=10)
        assert (page.status_code, brand in page.text) == (200, True)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        said = process.stderr.read()
    assert f"Its page: http://127.0.0.1:{port}/\n" in said
    assert [key for key in keys if f" {key}\n" not in said] == []
    assert list((tmp_path / "practice" / name).iterdir()) != []


def test_its_state_can_lie_elsewhere(tmp_path: Path):
    with practising("x", "--port", str(free_port()), "--state", str(tmp_path / "here")):
        assert list((tmp_path / "here").iterdir()) != []


def refused(*arguments: str) -> str:
    """What the command says when it refuses: one sentence on standard error, and nothing else."""
    done = hilft("practice", *arguments, code=2)
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    return sentence


def test_the_customer_system_says_its_key(tmp_path: Path):
    port = free_port()
    with practising("crm", "--port", str(port), "--data", str(tmp_path)) as process:
        page = httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=10)
        assert (page.status_code, "Deichstraße 5" in page.text) == (200, True)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        assert " Bearer practice-crm-key\n" in process.stderr.read()


def test_a_name_that_there_is_not(tmp_path: Path):
    said = refused("myspace", "--port", str(free_port()), "--data", str(tmp_path))
    assert said == "hilft: There is no practice network 'myspace': choose x, meta or crm."
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused("x", "--port", str(port), "--data", str(tmp_path))
    assert said == f"hilft: Port {port} is used by another program: end that, or choose another with --port."


def test_a_folder_that_cannot_be_used(tmp_path: Path):
    (tmp_path / "file").touch()
    said = refused("x", "--port", str(free_port()), "--state", str(tmp_path / "file" / "state"))
    place = tmp_path / "file" / "state"
    assert said == f"hilft: The folder {place} cannot be used (Not a directory): choose another with --state."
