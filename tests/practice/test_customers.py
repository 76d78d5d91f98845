"""Practice customers post through the real protocols in plausible shares, and remember what they said."""

import contextlib
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

from hilft.example import content
from hilft.practice import memory
from hilft.practice.customers import Crowd
from hilft.practice.mastodon import brand_token, token_of
from hilft.practice.voice import form_of
from tests.practice.conftest import ENVIRONMENT, TALK, Api, customers, free_port, peer, receiving, until
from tests.practice.meta.conftest import Meta
from tests.practice.meta.conftest import running as meta_network
from tests.practice.x.conftest import KATJA, X
from tests.practice.x.conftest import network as x_network


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
    crowd = Crowd(Random(7), "@nordnetz", content.questions())
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
    crowd = Crowd(Random(2), "@nordnetz", content.questions())
    for _ in range(1500):
        said = crowd.next(set())
        if said.customer.form != "none" and not said.key.startswith(("chatter/", "open/")):
            assert form_of(said.text) in (None, said.customer.form), said


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
    command = [*TALK, "--mastodon", f"http://127.0.0.1:{port}"]
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
    command = [*TALK, "--mastodon", network, "--every", "30"]
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


@pytest.fixture(scope="module")
def x(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X]:
    with x_network(tmp_path_factory.mktemp("x")) as found:
        yield found


@pytest.fixture(scope="module")
def meta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    with meta_network(tmp_path_factory.mktemp("meta")) as found:
        yield found


def url_of(meta: Meta) -> str:
    return str(meta.http.base_url).rstrip("/")


def standing(x: X) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Posts with who wrote them, and messages, by their ids as customers say them."""
    posts = {post["id"]: (post["username"], post["plain"]) for post in x.practice("GET", "posts")["posts"]}
    return posts, {f"private:{one['id']}": one["text"] for one in x.practice("GET", "dms")["dms"]}


def test_the_same_people_talk_on_x_in_public_and_in_private(x: X) -> None:
    before = standing(x)
    said = customers("--x", x.url, "--once", "40", "--seed", "3")
    after = standing(x)
    posts, letters = (
        {key: new[key] for key in new.keys() - old.keys()} for new, old in zip(after, before, strict=True)
    )
    public = [one for one in said if not one["id"].startswith("private:")]
    assert {one["id"]: (one["from"], one["text"]) for one in public} == posts
    assert {one["id"]: one["text"] for one in said if one not in public} == letters
    assert letters
    assert len(posts) > 30
    assert [text for text in letters.values() if "@nordnetz" in text] == []
    assert [one["text"] for one in public if "@nordnetz" not in one["text"] and "chatter" not in one["key"]] == []


def test_the_same_people_talk_on_facebook_and_instagram(meta: Meta) -> None:
    meta.practice("DELETE", "everything")
    said = customers("--meta", url_of(meta), "--once", "150", "--seed", "3")
    kinds = Counter((one["channel"], one["id"].startswith("private:")) for one in said)
    assert min(kinds[channel, private] for channel in ("facebook", "instagram") for private in (True, False)) > 0
    seen = meta.practice("GET", "threads")
    roots = [root for root in seen["threads"] if root["author"] != "nordnetz"]
    written = roots + [comment for root in seen["threads"] for comment in root["comments"]]
    letters = [letter for conversation in seen["conversations"] for letter in conversation["messages"]]
    assert {root["surface"] for root in roots} == {"wall"}
    assert sorted(one["text"] for one in said) == sorted(one["text"] for one in written + letters)
    assert [one["text"] for one in said if "@nordnetz" in one["text"]] == []


@contextlib.contextmanager
def living(tmp_path: Path, plans: list[memory.Plan], *arguments: str) -> Iterator[Callable[[], memory.Memory]]:
    """Customers who go on and on, with something in mind; yields what they remember."""
    state = tmp_path / "customers.json"
    state.write_bytes(msgspec.json.encode(memory.Memory(plans=plans, talking=["katja_brandt"])))
    command = [*TALK, *arguments, "--every", "60", "--seed", "5"]
    process = subprocess.Popen([*command, "--state", str(tmp_path)], env=ENVIRONMENT)
    try:
        yield lambda: memory.recall(state)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_on_x_plans_are_carried_out_and_replies_answered(x: X, tmp_path: Path) -> None:
    wrong, gone, asked = (x.says("katja_brandt", f"@nordnetz {text}") for text in ("Tipfehler", "weg", "Und nun?"))
    replies = [x.reply(asked, f"Antwort {number}").json()["data"]["id"] for number in range(12)]
    plans = [
        memory.Plan(0, "edit", "katja_brandt", wrong["id"], "@nordnetz Tippfehler", place="x"),
        memory.Plan(0, "delete", "katja_brandt", gone["id"], place="x"),
        memory.Plan(0, "edit", "katja_brandt", "1", "gibt es nicht", place="x"),
        memory.Plan(0, "reply", "katja_brandt", replies[0], "Danke!", place="x"),
        memory.Plan(0, "reply", "katja_brandt", "private:1", "Danke, unter uns!", place="x"),
    ]
    with living(tmp_path, plans, "--x", x.url) as remembered:
        until(lambda: [plan for plan in remembered().plans if plan.post in replies[1:]], "a planned reply")
        until(lambda: _deleted(x, gone["id"]), "the deletion")
    posts = {post["id"]: post for post in x.practice("GET", "posts")["posts"]}
    assert [post["versions"] for post in posts.values() if "Tippfehler" in post["plain"]] == [
        ["@nordnetz Tipfehler", "@nordnetz Tippfehler"]
    ]
    below = {"type": "replied_to", "id": replies[0]}
    (thanks,) = [post for post in posts.values() if below in post.get("referenced_tweets", ())]
    assert (thanks["username"], thanks["plain"]) == ("katja_brandt", "Danke!")
    assert "Danke, unter uns!" in [one["text"] for one in x.practice("GET", "dms")["dms"] if one["sender_id"] == KATJA]


def _deleted(x: X, post_id: str) -> bool:
    return any(post["deleted"] for post in x.practice("GET", "posts")["posts"] if post["id"] == post_id)


def test_on_facebook_plans_are_carried_out_and_replies_answered(meta: Meta, tmp_path: Path) -> None:
    wrong, gone, asked = (meta.says("katja_brandt", text, meta.page_post()) for text in ("Tipfehler", "weg", "Hm?"))
    replies = [meta.post(f"{asked}/comments", message=f"Antwort {number}")["id"] for number in range(12)]
    plans = [
        memory.Plan(0, "edit", "katja_brandt", wrong, "Tippfehler", place="facebook"),
        memory.Plan(0, "delete", "katja_brandt", gone, place="facebook"),
        memory.Plan(0, "reply", "katja_brandt", replies[0], "Danke sehr!", place="facebook"),
    ]
    with living(tmp_path, plans, "--meta", url_of(meta)) as remembered:
        until(lambda: [plan for plan in remembered().plans if plan.post in replies[1:]], "a planned reply")
    comments = [comment for root in meta.practice("GET", "threads")["threads"] for comment in root["comments"]]
    texts = {comment["id"]: comment["text"] for comment in comments}
    assert (texts[wrong], gone in texts) == ("Tippfehler", False)
    assert [c["parent"] for c in comments if c["text"] == "Danke sehr!"] == [asked]
