"""`./hilft check` and `./hilft test`: every check in reading order, as CI runs it."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from rich.console import Console

from hilft.cli.build import compile_languages
from hilft.cli.doctor import browser, dovecot
from hilft.cli.instance import SOURCE, Trouble, manage, python
from hilft.cli.postgres import embedded

ROOT = SOURCE.parent
TEMPLATE = "hilft_migrated"
console = Console(stderr=True, highlight=False)
CHECK_ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "hilft.config.settings",
    "HILFT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}


def check() -> int:
    """Runs the fast checks, all of them even when one fails; 0 when all are clean."""
    compile_languages()
    environment = os.environ | {"PYTHONPATH": str(SOURCE)} | CHECK_ENVIRONMENT
    failed = []
    for name, command in (
        ("format", python("-m", "ruff", "format", "--check", "--quiet", "src", "tests")),
        ("lint", python("-m", "ruff", "check", "--quiet", "src", "tests")),
        ("types", python("-m", "mypy")),
        ("import contracts", [_script("lint-imports"), "--no-logo"]),
        ("templates", python("-m", "djlint", "--lint", "--quiet", "src/hilft")),
        ("dependencies", python("-m", "deptry", "src")),
        ("migrations", manage("makemigrations", "--check", "--dry-run")),
        ("system", manage("check", "--fail-level", "WARNING")),
        ("languages", python("-m", "hilft.cli.languages")),
    ):
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        fine = done.returncode == 0
        console.print(f"{'[green]ok[/]' if fine else '[red]NO[/]'}  {name} ({time.monotonic() - began:.1f} s)")
        if not fine:
            failed.append(name)
            console.print((done.stdout + done.stderr).strip()[-6000:], markup=False)
    return 1 if failed else 0


def test(*, peers: bool, only: str) -> int:
    """Runs everything; the test runner's closing line comes last."""
    install_tools(peers=peers)
    if peers:
        install_bluesky()
    checked = check()
    with database() as url:
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(SOURCE), str(ROOT)]),
            "HILFT_DATABASE_URL": url,
            "HILFT_CHROMIUM": browser() or "",
            "OMP_NUM_THREADS": "1",
            "HILFT_DEBUG": "1",
        }
        marks = "not peers" if not peers else "peers or not peers"
        command = python("-m", "pytest", "-m", marks, "-n", "2", "--dist", "loadgroup", *(["-k", only] if only else []))
        with migrated(url, environment) as template:
            environment |= {"HILFT_TEMPLATE": template}
            tested = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if checked:
        console.print("[red]The checks above found something.[/]")
    return checked or tested


@contextmanager
def migrated(url: str, environment: dict[str, str]) -> Iterator[str]:
    """The name of a database with every migration, made once: the tests' own ones are copies of it."""
    server, _slash, _name = url.rpartition("/")
    target = {"HILFT_DATABASE_URL": f"{server}/{TEMPLATE}", "DJANGO_SETTINGS_MODULE": "hilft.config.settings"}
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
        try:
            subprocess.run(manage("migrate", "-v", "0"), cwd=ROOT, env=environment | target, check=True)
            yield TEMPLATE
        finally:
            connection.execute(f"DROP DATABASE {TEMPLATE} WITH (FORCE)")


@contextmanager
def database() -> Iterator[str]:
    """An embedded server for tests: fast, forgetful, gone afterwards."""
    if url := os.environ.get("HILFT_DATABASE_URL"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="hilft-test-"))
    folder.chmod(0o755)
    server = embedded(folder)
    server.prepare()
    privileges = server.privileges() or {"env": dict(os.environ)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            server.command(durable=False), stdout=log, stderr=subprocess.STDOUT, cwd="/", process_group=0, **privileges
        )
    try:
        server.wait(process)
        yield server.url
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        shutil.rmtree(folder, ignore_errors=True)


def install_tools(*, peers: bool) -> None:
    """Installs what tests need from Debian as root; elsewhere says the one command to run."""
    wanted = [] if browser() else ["chromium"]
    wanted += [] if dovecot() else ["dovecot-imapd", "dovecot-lmtpd"]
    needs = {"redis-server": "redis-server", "npm": "npm", "make": "make", "g++": "g++"} if peers else {}
    wanted += [package for program, package in needs.items() if shutil.which(program) is None]
    if not wanted:
        return
    install = f"apt-get install -y --no-install-recommends {' '.join(wanted)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        hint = f"sudo {install}" if shutil.which("apt-get") else "brew install --cask chromium; brew install dovecot"
        raise Trouble(f"The tests need {' and '.join(wanted)}. Install them with: {hint}")
    console.print(f"Installing what the tests need: {', '.join(wanted)} …")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update -qq", install + " -qq"):
        done = subprocess.run(command.split(), env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"`{command}` failed: {done.stderr.strip()[-500:]}")


def install_bluesky() -> None:
    """Installs the Bluesky network where it is missing; its script says how far it is."""
    script = ROOT / "tests" / "peers" / "bluesky" / "install.sh"
    done = subprocess.run(["bash", str(script)], cwd=ROOT, check=False)
    if done.returncode:
        raise Trouble("The Bluesky network could not be installed; the reason stands above.")


def _script(name: str) -> str:
    return str(Path(python()[0]).parent / name)
