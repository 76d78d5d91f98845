"""Runs a practice network in the foreground, and says where its page is and which keys it takes."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

from rich.console import Console

from hilft.cli.instance import SOURCE, Trouble, python
from hilft.practice.accounts import CRM_KEY, x_keys
from hilft.practice.meta import people

NAMES: Final = ("x", "meta", "crm")


def keys(name: str) -> Mapping[str, str]:
    """What the form that connects an account is to be filled with, by its fields' names."""
    if name == "x":
        taken = ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "client_secret")
        return {field: getattr(x_keys(), field) for field in taken}
    if name == "crm":
        return {"header": "Authorization", "secret": f"Bearer {CRM_KEY}"}
    return {
        "page_id": people.PAGE_ID,
        "instagram_id": people.INSTAGRAM_ID,
        "app_id": people.APP_ID,
        "page_token": people.page_token(),
        "app_secret": people.app_secret(),
        "verify_token": people.VERIFY_TOKEN,
    }


def run(name: str, *, port: int, state: Path) -> NoReturn:
    """Becomes the network's process; raises Trouble for an unknown name, a taken port or an unusable folder."""
    if name not in NAMES:
        raise Trouble(f"There is no practice network {name!r}: choose x, meta or crm.")
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"The folder {state} cannot be used ({error.strerror}): choose another with --state.") from error
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"Port {port} is used by another program: end that, or choose another with --port."
            ) from error
    say = Console(stderr=True, highlight=False, soft_wrap=True).print
    say(f"The practice system {name} keeps what it is told in {state} and ends with Ctrl-C.")
    say(f"Its page: http://127.0.0.1:{port}/")
    say("Connect it at the desk with these keys, which are worthless anywhere else:")
    for field, value in {"base_url": f"http://127.0.0.1:{port}", **keys(name)}.items():
        say(f"  {field:<20} {value}", markup=False)
    command = python("-m", f"hilft.practice.{name}", "--port", str(port), "--state", str(state))
    os.execve(command[0], command, os.environ | {"PYTHONPATH": str(SOURCE)})  # noqa: S606 – our own interpreter
