"""The supervisor: what it refuses, what it starts, what it ends, and how it comes back."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import psycopg
import pytest

from hilft.cli.instance import OFFSETS
from hilft.cli.postgres import embedded
from tests.installation import Installation, answers, free_ports, hilft, running, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("installation")]

CLI = [sys.executable, "-m", "hilft.cli"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty data folder that the database's user reaches."""
    with tempfile.TemporaryDirectory(prefix="hilft-up-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def refused(*arguments: str) -> str:
    """What `up` says when it refuses with exit code 2: one sentence on standard error, nothing on standard output."""
    done = hilft("up", *arguments, code=2)
    assert done.stdout == ""
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("hilft:")]
    assert sentence.endswith(".")
    assert "Traceback" not in done.stderr
    return sentence


def children_of(folder: Path) -> list[psutil.Process]:
    """Processes that belong to an installation, by their command line or environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(folder) in " ".join(process.cmdline()) or process.environ().get("HILFT_DATA") == str(folder):
                found.append(process)
    return found


# --- refusals -----------------------------------------------------------------------------------------------------


def test_a_used_port_is_named_and_nothing_is_started(folder: Path) -> None:
    first = free_ports(len(OFFSETS))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first + 1))
        taken.listen()
        said = refused("--port", str(first), "--data", str(folder))
    assert f"Port {first + 1} (live) is used by another program" in said
    assert children_of(folder) == []
    assert not (folder / "postgres").exists()


def test_a_data_folder_that_cannot_be_made_is_named(folder: Path) -> None:
    (folder / "file").touch()
    said = refused("--port", str(free_ports(len(OFFSETS))), "--data", str(folder / "file" / "data"))
    assert f"The data folder {folder / 'file' / 'data'} cannot be used" in said


def test_a_damaged_key_is_never_replaced(folder: Path) -> None:
    (folder / "secret.key").touch()
    said = refused("--port", str(free_ports(len(OFFSETS))), "--data", str(folder))
    assert "is empty: restore it, since credentials are encrypted with it" in said
    assert (folder / "secret.key").read_text() == ""


# --- one empty installation, made once ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with running("--empty") as found:
        yield found


@pytest.fixture
def up(installation: Installation) -> Installation:
    """The installation, running, whatever the test before did to it."""
    if not answers(installation.address):
        start(installation)
    return installation


def start(installation: Installation) -> float:
    began = time.monotonic()
    hilft("up", "--detach", "--empty", "--port", str(installation.port), "--data", str(installation.folder))
    return time.monotonic() - began


def down(installation: Installation) -> None:
    hilft("down", "--data", str(installation.folder))


def test_the_first_operator_comes_by_a_link_that_works_once(up: Installation) -> None:
    with httpx2.Client(trust_env=False, follow_redirects=True) as person:
        link = str(up.status["setup"])
        assert "/einrichten/" in link
        form = {"name": "Ada", "email": "ada@nordnetz.example", "password": "ein langes Passwort"}
        assert person.get(link).status_code == 200
        token = person.cookies[f"hilft_csrf_{up.port}"]
        done = person.post(link, data=form | {"csrfmiddlewaretoken": token})
        assert (done.status_code, done.url.path) == (200, "/desk/anliegen/")
        with httpx2.Client(trust_env=False, follow_redirects=True) as other:
            assert other.get(link).status_code == 403
        assert up.query("SELECT email, roles FROM people_user") == [("ada@nordnetz.example", ["operator", "lead"])]
        assert person.get(f"{up.address}/desk/zugang/anything/").status_code == 403
    down(up)
    start(up)
    assert up.status["setup"] == ""


def test_a_second_up_on_the_same_folder_is_refused(up: Installation) -> None:
    before = up.status
    said = refused("--port", str(free_ports(len(OFFSETS))), "--data", str(up.folder))
    assert "hilft is running already with this data folder" in said
    assert up.status["pid"] == before["pid"]
    assert answers(up.address)


def test_down_ends_everything_it_started_and_nothing_else(up: Installation) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    try:
        assert len(children_of(up.folder)) > 5
        down(up)
        assert children_of(up.folder) == []
        assert not answers(up.address)
        assert stranger.poll() is None
        assert hilft("status", "--data", str(up.folder), code=1).stdout == ""
    finally:
        stranger.kill()
        stranger.wait()


def test_down_ends_no_process_that_was_given_an_old_number(folder: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    try:
        child = {"name": "web", "pid": stranger.pid, "created": psutil.Process(stranger.pid).create_time() - 60}
        (folder / "status.json").write_text(
            f'{{"pid": {stranger.pid}, "started": 1, "children": [{str(child).replace(chr(39), chr(34))}]}}'
        )
        down_ = hilft("down", "--data", str(folder))
        assert "Nothing was running" in down_.stderr
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_a_killed_supervisor_left_behind_is_ended_by_the_next_up(up: Installation) -> None:
    left = [up.child(name) for name in ("postgres", "web", "live", "worker", "listener")]
    supervisor = psutil.Process(int(up.status["pid"]))
    supervisor.kill()
    supervisor.wait(10)
    assert all(psutil.pid_exists(pid) for pid in left)
    start(up)
    assert answers(up.address)
    assert not set(left) & {process.pid for process in children_of(up.folder)}
    assert int(up.status["pid"]) != supervisor.pid


def test_what_a_killed_supervisor_left_behind_is_ended_by_down(up: Installation) -> None:
    supervisor = psutil.Process(int(up.status["pid"]))
    supervisor.kill()
    supervisor.wait(10)
    down(up)
    assert children_of(up.folder) == []


def test_the_record_of_an_installation_is_sealed_verified_and_given_out(up: Installation) -> None:
    heads = until(lambda: (up.folder / "audit-heads.log").exists(), "the first head outside the database")
    assert heads
    said = hilft("audit", "verify", "--data", str(up.folder)).stdout
    assert "Nothing was changed, removed or inserted.\n" in said
    lines = hilft("audit", "export", "--data", str(up.folder)).stdout.splitlines()
    assert json.loads(lines[0])["place"] == 1
    with psycopg.connect(up.database_url) as connection:
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER append_only")
        connection.execute("UPDATE audit_entry SET verb = 'never' WHERE id = 1")
        connection.execute("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER append_only")
    said = hilft("audit", "verify", "--data", str(up.folder), code=1).stdout
    assert said.splitlines()[-1] == "CHANGED place 1, entry 1: It does not say what was sealed."


def test_a_process_that_dies_comes_back_and_status_shows_it(up: Installation) -> None:
    pid = up.child("listener")
    os.kill(pid, signal.SIGKILL)
    until(lambda: up.child("listener") != pid, "another listener")
    shown = hilft("status", "--data", str(up.folder)).stdout
    row = next(line for line in shown.splitlines() if line.startswith("listener"))
    assert row.split() == ["listener", "running", str(up.child("listener")), "1", "-9"]


def test_a_process_that_dies_again_and_again_comes_back_ever_more_slowly(up: Installation) -> None:
    pauses = []
    for _ in range(4):
        pid, at = up.child("live"), time.monotonic()
        os.kill(pid, signal.SIGKILL)
        until(lambda: up.child("live") != pid, "another live process")  # noqa: B023
        pauses.append(time.monotonic() - at)
    assert pauses[3] > 2 * pauses[0]
    assert pauses[3] > 1.5


@contextlib.contextmanager
def database_alone(installation: Installation) -> Iterator[psycopg.Connection]:
    """The database of an installation that was ended, to change something by hand."""
    server = embedded(installation.folder, port=installation.port + OFFSETS["postgres"])
    with subprocess.Popen(server.command(), stderr=subprocess.DEVNULL, **server.privileges()) as process:
        try:
            server.wait(process)
            with psycopg.connect(server.url) as connection:
                yield connection
        finally:
            process.send_signal(signal.SIGINT)


def test_a_database_of_a_newer_version_is_refused_and_nothing_stays_behind(up: Installation) -> None:
    down(up)
    with database_alone(up) as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('inbox', '9999_future', now())")
    for stamp in ("of this version", "missing"):
        if stamp == "missing":
            (up.folder / "prepared").unlink()
        said = refused("--empty", "--port", str(up.port), "--data", str(up.folder))
        assert "The database was made by a newer hilft (inbox.9999_future is unknown here)" in said
        assert children_of(up.folder) == []
    with database_alone(up) as database:
        database.execute("DELETE FROM django_migrations WHERE name = '9999_future'")
