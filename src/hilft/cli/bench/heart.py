"""The heart under load: posts come in at a steady rate, an agent's desk is open, keys are pressed.

Event to desk: from sending the customer's post to the network (its own time to take it in included) until the
conversation's row is in the page of an open, untouched list. A row that never appears counts until the end.
Key to paint: from the press until the frame that shows its effect, as the page itself measures it.
"""

import itertools
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import numpy as np

from hilft.cli.bench import Result
from hilft.cli.bench.scene import Scene, running
from hilft.cli.doctor import browser
from hilft.cli.instance import Trouble

RATE, SECONDS = 20, 60
WARM_UP = 20
GRACE = 60.0
KEYS = 200
SENDERS = 8
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
ROWS_SEEN = """
window.rowsSeen = {};
const note = (node) => {
  if (!(node instanceof Element)) return;
  for (const row of [node, ...node.querySelectorAll('[id^="row-"]')]) {
    if (row.id.startsWith("row-")) window.rowsSeen[row.id] ??= performance.timeOrigin + performance.now();
  }
};
new MutationObserver((records) => {
  for (const record of records) for (const node of record.addedNodes) note(node);
}).observe(document, { childList: true, subtree: true });
"""


class Posted(NamedTuple):
    """A post on the practice network: its id there, when it was sent, and when the network had taken it (Unix s)."""

    id: str
    sent: float
    taken: float


def measure(data: Path | None) -> Result:
    """Runs the load on an installation of its own; `data` may name a JSON list of texts to post."""
    texts = texts_of(data, WARM_UP + RATE * SECONDS)
    with running() as scene, _desk(scene) as page:
        began = time.monotonic()
        _post(scene, texts[:WARM_UP], rate=RATE / 4)
        _arrived(scene, WARM_UP)
        posts = _post(scene, texts[WARM_UP:], rate=RATE)
        sent_for = posts[-1].sent - posts[0].sent
        lost = _missing(scene, posts)
        waited = _waits(scene, page, posts)
        keys = _press(page)
        return {
            "posts": len(posts),
            "posts_per_second": (len(posts) - 1) / sent_for,
            "lost": lost,
            "unseen": sum(wait.unseen for wait in waited),
            **_percentiles("event_to_desk", [wait.ms for wait in waited]),
            **_percentiles("network", [1000 * (post.taken - post.sent) for post in posts]),
            "keys": len(keys),
            **_percentiles("key_to_paint", keys),
            "duration_s": time.monotonic() - began,
        }


class Wait(NamedTuple):
    """How long a post took to the desk, in milliseconds; an unseen one waited until the end."""

    ms: float
    unseen: bool


def texts_of(data: Path | None, number: int) -> list[str]:
    """What customers write: so many texts from a JSON list, or from the example workspace, in a fixed order."""
    if data is not None:
        try:
            given = [str(text)[:400] for text in json.loads(data.read_text(encoding="utf-8"))]
        except ValueError as error:
            raise Trouble(f"{data} must hold a JSON list of texts: {error}") from error
    else:
        from hilft.example.content import questions
        from hilft.practice.repertoire import chatter

        given = [text for question in questions() for text in question.wordings]
        given += [open_question.text for open_question in chatter().question]
    random.Random(7).shuffle(given)  # noqa: S311  the same order every time
    return list(itertools.islice(itertools.cycle(given), number))


def _post(scene: Scene, texts: list[str], *, rate: float) -> list[Posted]:
    """Posts at a steady rate through the network's API, each as another customer's new thread."""
    from hilft.practice.accounts import BRAND, names, token_of

    tokens = itertools.cycle([token_of(name) for name in names()])
    own = threading.local()

    def send(text: str, token: str) -> Posted:
        if not hasattr(own, "client"):
            own.client = httpx2.Client(base_url=scene.mastodon, trust_env=False, timeout=60)
        sent = time.time()
        body = {"status": f"@{BRAND} {text}"}
        answer = own.client.post("/api/v1/statuses", json=body, headers={"Authorization": f"Bearer {token}"})
        return Posted(str(answer.raise_for_status().json()["id"]), sent, time.time())

    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        waiting = []
        for number, text in enumerate(texts):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            waiting.append(pool.submit(send, text, next(tokens)))
        return [one.result() for one in waiting]


def _arrived(scene: Scene, count: int) -> None:
    """Waits until that many messages were read and matched, and nothing is left to do."""
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        (messages,) = scene.query("SELECT count(*) FROM inbox_message")[0]
        (jobs,) = scene.query("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")[0]
        if messages >= count and jobs == 0:
            return
        time.sleep(0.2)


def _missing(scene: Scene, posts: list[Posted]) -> int:
    """Posts without a message in the database after a time of grace."""
    wanted, deadline = {post.id for post in posts}, time.monotonic() + GRACE
    while True:
        missing = wanted - {row[0] for row in scene.query("SELECT external_id FROM inbox_message")}
        if not missing or time.monotonic() > deadline:
            return len(missing)
        time.sleep(0.2)


def _waits(scene: Scene, page: Any, posts: list[Posted]) -> list[Wait]:
    page.wait_for_timeout(3000)
    seen: dict[str, float] = page.evaluate("window.rowsSeen")
    rows = dict(scene.query("SELECT external_id, 'row-' || conversation_id FROM inbox_message"))
    end = time.time() * 1000
    at = [seen.get(rows.get(post.id, ""), 0.0) for post in posts]
    return [Wait((moment or end) - 1000 * post.sent, not moment) for moment, post in zip(at, posts, strict=True)]


@contextmanager
def _desk(scene: Scene) -> Iterator[Any]:
    """An agent's desk in a real browser, its list newest first and untouched."""
    try:
        playwright = import_module("playwright.sync_api")
    except ImportError as error:
        raise Trouble("This benchmark needs the development environment, which has Playwright.") from error
    chromium = os.environ.get("HILFT_CHROMIUM") or browser()
    if not chromium:
        raise Trouble("This benchmark needs a Chromium: `./hilft doctor` says how to get one.")
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = launched.new_page(viewport={"width": 1440, "height": 900}, locale="de-DE")
        page.add_init_script(ROWS_SEEN)
        page.goto(scene.link("agent"))
        page.goto(f"{scene.instance.address}/desk/anliegen/?view=all")
        page.locator('[data-connection][data-state="open"]').first.wait_for(state="attached")
        yield page
        launched.close()


def _press(page: Any) -> list[float]:
    """Works through the list by keyboard as an agent does; returns what the page measured, in milliseconds."""
    page.goto(page.url.split("?")[0])
    page.locator(".row-link").first.wait_for()
    measured: list[float] = []
    # Look at a conversation, insert the first two suggestions, leave the field, go on to the next.
    for key in itertools.islice(
        itertools.cycle(("j", "Enter", "1", "2", "Escape", "j", "k", "j", "Enter", "r", "Escape")), KEYS
    ):
        before = page.evaluate("window.hilftPerf.length")
        page.keyboard.press(key)
        page.wait_for_timeout(250)
        measured += [entry["ms"] for entry in page.evaluate(f"window.hilftPerf.slice({before})")]
    return measured


def _percentiles(name: str, values: list[float]) -> Result:
    return {f"{name}_p{p}_ms": float(np.percentile(values, p)) if values else float("nan") for p in (50, 95, 99)}
