"""Practice customers post through the real protocols in plausible shares, and remember what they said."""

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import msgspec

from hilft.example import content
from hilft.practice import memory
from hilft.practice.customers import Crowd
from hilft.practice.mastodon import brand_token, token_of
from tests.practice.conftest import ENVIRONMENT, Api, customers, free_port, peer, receiving, until


def test_once_posts_that_many_and_ends(network: str) -> None:
    said = customers("--mastodon", network, "--once", "5")
    assert len(said) == 5
    api = Api(network, brand_token())
    for one in said:
        post = api.get(f"/api/v1/statuses/{one['id']}")
        assert post["account"]["acct"] == one["from"]


def test_the_same_seed_says_the_same(network: str) -> None:
    first, second = (customers("--mastodon", network, "--once", "6", "--seed", "11") for _ in range(2))
    assert [one["text"] for one in first] == [one["text"] for one in second]


def test_a_burst_keeps_its_rate_and_loses_nothing(network: str) -> None:
    started = time.monotonic()
    said = customers("--mastodon", network, "--burst", "60", "--seed", "4")
    assert time.monotonic() - started < 15
    assert len({one["id"] for one in said}) == 60
    posted = [one["at"] for one in said]
    assert 2.0 < max(posted) - min(posted) < 6.0


def test_shares_of_what_is_posted() -> None:
    crowd = Crowd(Random(7), "@nordnetz")
    flagships = {question.slug for question in content.questions() if question.flagship}
    kinds: Counter[str] = Counter()
    asked = set()
    for _ in range(4000):
        slug = crowd.next(set()).key.partition("/")[0]
        asked.add(slug)
        kinds["flagship" if slug in flagships else slug if slug in ("chatter", "open") else "other"] += 1
    share = {kind: count / 4000 for kind, count in kinds.items()}
    assert 0.17 < share["chatter"] < 0.27
    assert 0.17 < share["flagship"] < 0.30
    assert 0.04 < share["open"] < 0.09
    assert len(asked) == 62


def test_nobody_mixes_forms_of_address() -> None:
    """Somebody who says Sie never sends a wording with du, and the other way round."""
    crowd = Crowd(Random(2), "@nordnetz")
    for _ in range(1500):
        said = crowd.next(set())
        if said.customer.form != "none" and not said.key.startswith(("chatter/", "open/")):
            assert content.form_of(said.text) in (None, said.customer.form), said


def test_mails_arrive_in_proper_shape(tmp_path: Path) -> None:
    smtp, web, receiver = free_port(), free_port(), free_port()
    arguments = ["--smtp-port", str(smtp), "--web-port", str(web), "--deliver-to", f"127.0.0.1:{receiver}"]
    with receiving(receiver) as hilft, peer("mail", *arguments, "--state", str(tmp_path)):
        said = customers("--smtp", f"127.0.0.1:{smtp}", "--once", "40", "--seed", "8")
        until(lambda: len(hilft.mails) == 40, "forty mails")
    assert {recipient for _, recipients, _ in hilft.mails for recipient in recipients} == {"kontakt@nordnetz.example"}
    raw = [mail for _, _, mail in hilft.mails]
    assert len({one["id"] for one in said}) == 40
    assert any(b"Content-Type: text/html" in mail and b"multipart" not in mail for mail in raw)
    assert any(b"multipart/alternative" in mail for mail in raw)
    assert any(b"\r\n> " in mail for mail in raw)
    assert any(b"\r\n-- \r\n" in mail for mail in raw)
    assert [mail for mail in raw if b"@nordnetz " in mail] == []


def test_a_peer_that_is_down_is_waited_for(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "hilft.practice.customers", "--mastodon", f"http://127.0.0.1:{port}"]
    command += ["--every", "1", "--state", str(tmp_path / "customers"), "--seed", "3"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        assert process.stderr is not None
        assert "Mastodon" in process.stderr.readline()
        with peer("mastodon", "--port", str(port), "--state", str(tmp_path / "network")) as ready:
            api = Api(ready["url"], brand_token())
            until(lambda: len(api.get("/api/v1/timelines/public")) >= 3, "three posts")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert process.returncode == 0
    remembered = memory.recall(tmp_path / "customers" / "customers.json")
    assert len(remembered.said) == len(set(remembered.said)) >= 3


def test_what_was_said_is_not_said_again_after_a_restart(network: str, tmp_path: Path) -> None:
    arguments = ["--mastodon", network, "--once", "15", "--seed", "21", "--state", str(tmp_path)]
    first, second = (customers(*arguments) for _ in range(2))
    assert {one["key"] for one in first} & {one["key"] for one in second} == set()


def test_plans_are_carried_out_and_replies_answered(network: str, tmp_path: Path) -> None:
    """A due edit and deletion happen; somebody who got a reply answers it sooner or later."""
    lotte, brand = Api(network, token_of("lotte_vom_deich")), Api(network, brand_token())
    edited, deleted = lotte.post("@nordnetz Tipfehler"), lotte.post("@nordnetz weg damit")
    plans = [
        memory.Plan(0, "edit", "lotte_vom_deich", edited["id"], "@nordnetz Tippfehler"),
        memory.Plan(0, "delete", "lotte_vom_deich", deleted["id"]),
        memory.Plan(0, "edit", "lotte_vom_deich", "1", "gibt es nicht"),
        memory.Plan(0, "reply", "lotte_vom_deich", brand.post("@lotte_vom_deich Bitte sehr.")["id"], "Danke!"),
    ]
    state = tmp_path / "customers.json"
    state.write_bytes(msgspec.json.encode(memory.Memory(plans=plans, talking=["lotte_vom_deich"])))
    replies = [brand.post(f"@lotte_vom_deich Antwort {number}")["id"] for number in range(12)]
    command = [sys.executable, "-m", "hilft.practice.customers", "--mastodon", network, "--every", "30"]
    process = subprocess.Popen([*command, "--state", str(tmp_path), "--seed", "5"], env=ENVIRONMENT)
    try:
        until(lambda: [plan for plan in memory.recall(state).plans if plan.post in replies], "a planned reply")
        until(lambda: lotte.call("GET", f"/api/v1/statuses/{deleted['id']}").status_code == 404, "the deletion")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert "Tippfehler" in lotte.get(f"/api/v1/statuses/{edited['id']}")["content"]
    mention = brand.get("/api/v1/notifications", **{"types[]": "mention"})
    assert any("Danke!" in notification["status"]["content"] for notification in mention)
