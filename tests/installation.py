"""A whole installation in a folder of its own: the real command, the real peers, and how to look into them."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
import psycopg

from hilft.cli.instance import OFFSETS, SOURCE
from hilft.practice.accounts import BRAND, token_of, x_user_id

PATIENCE = 60.0
BRAND_MAIL = "kontakt@nordnetz.example"


def until[T](look: Callable[[], T], what: str, *, seconds: float = PATIENCE) -> T:
    """Looks again and again until there is something to see; the assertion names what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.1)


@dataclass
class Installation:
    """A running installation with the example workspace, whose practice customers keep silent."""

    folder: Path
    port: int
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mastodon(self) -> str:
        return f"http://127.0.0.1:{self.port + OFFSETS['mastodon']}"

    @property
    def x(self) -> str:
        return f"http://127.0.0.1:{self.port + OFFSETS['x']}"

    @property
    def meta(self) -> str:
        return f"http://127.0.0.1:{self.port + OFFSETS['meta']}"

    @property
    def mailboxes(self) -> str:
        return f"http://127.0.0.1:{self.port + OFFSETS['practice-mail']}"

    @property
    def smtp(self) -> int:
        return self.port + OFFSETS["practice-smtp"]

    @property
    def database_url(self) -> str:
        password = (self.folder / "postgres.password").read_text().strip()
        return f"postgresql://hilft:{password}@127.0.0.1:{self.port + OFFSETS['postgres']}/hilft"

    @property
    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "status.json").read_text())
        return found

    def link(self, role: str) -> str:
        """A sign-in link of somebody with this role."""
        return str(self.status["links"][role])

    def child(self, name: str) -> int:
        """The process id of one of the supervised processes, once it runs."""

        def pid() -> int | None:
            with contextlib.suppress(OSError, ValueError):
                for child in self.status["children"]:
                    if child["name"] == name and child["pid"] and psutil.pid_exists(child["pid"]):
                        return int(child["pid"])
            return None

        return until(pid, f"the process {name}") or 0

    def kill(self, name: str) -> None:
        """Ends a supervised process as if its power had failed."""
        os.kill(self.child(name), signal.SIGKILL)

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Asks the installation's database; waits while it is away."""

        def rows() -> list[list[tuple[Any, ...]]] | None:
            try:
                with psycopg.connect(self.database_url, connect_timeout=3, autocommit=True) as connection:
                    return [connection.execute(sql, parameters).fetchall()]  # type: ignore[arg-type]
            except psycopg.OperationalError:
                return None

        return (until(rows, "the database") or [[]])[0]

    def post(self, who: str, text: str, **fields: Any) -> dict[str, Any]:
        """A practice customer's post on the Mastodon peer."""
        answer = httpx2.post(
            f"{self.mastodon}/api/v1/statuses",
            json={"status": text, **fields},
            headers={"Authorization": f"Bearer {token_of(who)}"},
            trust_env=False,
        ).raise_for_status()
        status: dict[str, Any] = answer.json()
        return status

    def replies(self, status_id: str) -> list[dict[str, Any]]:
        """The brand's replies below a post, as the Mastodon peer tells them."""
        answer = httpx2.get(f"{self.mastodon}/api/v1/statuses/{status_id}/context", trust_env=False).raise_for_status()
        return [status for status in answer.json()["descendants"] if status["account"]["username"] == "nordnetz"]

    def practice(self, network: str, method: str, path: str, body: object = None, **query: str) -> Any:
        """Asks the practice X ("x") or the practice Meta ("meta") what people or the network itself do."""
        address = f"http://127.0.0.1:{self.port + OFFSETS[network]}{path}"
        answer = httpx2.request(method, address, json=body, params=query, trust_env=False).raise_for_status()
        return answer.json() if answer.content else None

    def practice_fault(self, network: str, name: str, **options: Any) -> None:
        """Switches one fault on for a practice network, as `hilft.practice.faults` names and describes them."""
        self.practice(network, "PUT", "/practice/faults", {name: options})

    def practice_faults_end(self, network: str) -> None:
        """Switches all faults off."""
        self.practice(network, "DELETE", "/practice/faults")

    def practice_clock(self, network: str, seconds: float) -> None:
        """Moves a practice network's clock that far ahead of this machine's; 0 puts it right."""
        self.practice(network, "PUT", "/practice/clock", {"seconds": seconds})

    def tweet(self, who: str, text: str, *, reply_to: str = "") -> dict[str, Any]:
        """A practice customer's post on X, with its `id`; it reaches hilft when it names @nordnetz or answers us."""
        post: dict[str, Any] = self.practice("x", "POST", "/practice/posts", _filled(who, text, reply_to=reply_to))
        return post

    def x_replies(self, post_id: str) -> list[dict[str, Any]]:
        """The brand's replies to a post on X, oldest first; `plain` is the text without the handle in front."""
        posts: list[dict[str, Any]] = self.practice("x", "GET", "/practice/posts", **{"as": BRAND})["posts"]
        answered = {"type": "replied_to", "id": post_id}
        return [post for post in posts if answered in post.get("referenced_tweets", ()) and not post["deleted"]]

    def x_message(self, who: str, text: str) -> str:
        """A practice customer's direct message to the brand on X; its id."""
        return str(self.practice("x", "POST", "/practice/dms", _filled(who, text))["id"])

    def x_messages(self, who: str) -> list[dict[str, Any]]:
        """The direct messages between a practice customer and the brand on X, oldest first; `sender_id` tells whose."""
        person = x_user_id(who)
        found: list[dict[str, Any]] = self.practice("x", "GET", "/practice/dms")["dms"]
        return [message for message in found if person in (message["sender_id"], message["recipient_id"])]

    def comment(self, who: str, text: str, *, on: str = "", network: str = "facebook") -> dict[str, Any]:
        """A practice customer's comment, with its `id`: on the brand's latest post or picture, or `on` a comment."""
        brand = (network, BRAND)
        on = on or next(root["id"] for root in reversed(self._threads()) if (root["network"], root["author"]) == brand)
        comment: dict[str, Any] = self.practice("meta", "POST", "/practice/comments", _filled(who, text, on=on))
        return comment

    def facebook_replies(self, comment_id: str) -> list[dict[str, Any]]:
        """The brand's replies to a comment on Facebook or Instagram, or to a post, oldest first, with their `text`."""
        below = [comment for root in self._threads() for comment in root["comments"]]
        return [comment for comment in below if (comment["parent"], comment["author"]) == (comment_id, BRAND)]

    def facebook_message(self, who: str, text: str, *, network: str = "facebook") -> str:
        """A practice customer's private message to the page, or to the Instagram account; its id."""
        body = _filled(who, text, network=network)
        return str(self.practice("meta", "POST", "/practice/messages", body)["id"])

    def facebook_messages(self, who: str, *, network: str = "facebook") -> list[dict[str, Any]]:
        """The private messages with a practice customer, oldest first; `author` is "nordnetz" for the brand's."""
        found = self.practice("meta", "GET", "/practice/threads")["conversations"]
        return [
            message
            for conversation in found
            if (conversation["with"], conversation["network"]) == (who, network)
            for message in conversation["messages"]
        ]

    def introduced(self) -> bool:
        """Whether the practice networks called our webhooks for proof; the job that asks them to is then gone."""
        return self.query("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'example.introduce'") == []

    def _threads(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.practice("meta", "GET", "/practice/threads")["threads"]
        return found

    def mails(self, address: str) -> list[dict[str, Any]]:
        """What lies in a practice customer's mailbox."""
        answer = httpx2.get(f"{self.mailboxes}/box/{address}.json", trust_env=False)
        found: list[dict[str, Any]] = answer.json() if answer.status_code == 200 else []
        return found


def _filled(who: str, text: str, **more: str) -> dict[str, str]:
    """What somebody writes, as the practice networks take it; empty fields are left out."""
    return {"as": who, "text": text} | {name: value for name, value in more.items() if value}


def nothing_is_about_meaning(installation: Installation) -> None:
    """Spares two cores the half minute of reading the example's wordings; the browser's installation does read them."""
    installation.query("UPDATE knowledge_wording SET unread = false RETURNING 1")


def free_ports(count: int) -> int:
    """The first of several neighbouring free loopback ports, away from where outgoing connections take theirs."""
    for first in range(21000 + os.getpid() % 500 * 20, 32000, count):
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for port in range(first, first + count):
                probe = stack.enter_context(socket.socket())
                probe.bind(("127.0.0.1", port))
            return first
    raise RuntimeError("no free ports")


def hilft(
    *arguments: str, environment: dict[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """Runs the command as a person would; asserts its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "hilft.cli", *arguments],
        env=clean(environment or {}),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == code, f"{arguments} → {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def clean(extra: dict[str, str]) -> dict[str, str]:
    """The environment without what the test run itself set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HILFT_", "PYTEST_", "DJANGO_"))}
    return kept | {"PYTHONPATH": str(SOURCE), "HILFT_PRACTICE_EVERY": "0"} | extra


def answers(address: str) -> bool:
    """Whether somebody answers there."""
    try:
        return httpx2.get(address, trust_env=False).status_code < 500
    except httpx2.TransportError:
        return False


@contextlib.contextmanager
def running(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[Installation]:
    """Brings an installation up in an empty folder and down again."""
    folder = Path(tempfile.mkdtemp(prefix="hilft-installation-"))
    folder.chmod(0o755)
    environment = environment or {}
    installation = Installation(folder, free_ports(len(OFFSETS)), environment)
    try:
        hilft(
            "up",
            "--detach",
            "--port",
            str(installation.port),
            "--data",
            str(folder),
            *arguments,
            environment=environment,
        )
        if "--empty" not in arguments:
            until(lambda: answers(installation.mastodon), "the practice network")
            until(installation.introduced, "the webhooks of X, Facebook and Instagram")
        yield installation
    finally:
        for log in sorted(folder.glob("log/*.log")):
            lines = [line for line in log.read_text(errors="replace").splitlines() if " INFO " not in line][-15:]
            if lines:
                sys.stdout.write(f"--- {log.name}\n" + "\n".join(lines) + "\n")
        hilft("down", "--data", str(folder), environment=environment)
        shutil.rmtree(folder, ignore_errors=True)
