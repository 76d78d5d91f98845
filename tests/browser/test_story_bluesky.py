"""The story on Bluesky, with the whole network on this machine: connect, answer, correct in public, forget."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
import regex
from playwright.sync_api import Page, expect

from tests.browser.acting import answer, publish_correction, ready, recognised, release_all, release_correction
from tests.browser.conftest import People
from tests.installation import Installation, until
from tests.peers.bluesky import Bluesky, running_bluesky

pytestmark = [pytest.mark.peers, pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

NAME = "Nordnetz auf Bluesky"
POST = "hab mir gestern n neues handy geholt, das alte hat noch netz. wie krieg ich meine eSIM da jetzt rüber?"
ADDITION = "\nKlappt’s?"
SLUG, TITLE = "esim-neues-handy", "Wie kommt die eSIM auf ein neues Handy"
CHANGES = {
    "Das ist kostenlos und dauert": "Das kostet 4,90 € und dauert",
    "die eSIM kostenlos neu": "die eSIM für 4,90 € neu",
    "It is free and takes": "It costs €4.90 and takes",
    "Reload your eSIM free of charge": "Reload your eSIM for €4.90",
}


@pytest.fixture(scope="module")
def bluesky() -> Iterator[Bluesky]:
    with running_bluesky(("nele", "tom")) as network:
        yield network


def test_the_story_on_bluesky(installation: Installation, people: People, bluesky: Bluesky):
    ready(installation)
    operator = people.page("operator")
    connect(operator, bluesky)
    try:
        tell(installation, people, bluesky)
    finally:
        disconnect(operator)


def connect(page: Page, bluesky: Bluesky) -> None:
    """As an operator: a wrong password is told apart from a right one before anything is saved."""
    page.goto("/desk/konten/")
    page.get_by_role("button", name="Connect an account").click()
    page.locator("#connect-menu a", has_text="Bluesky").click()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Service").fill(bluesky.service)
    page.get_by_label("Handle").fill(f"@{bluesky.brand}")
    page.get_by_label("App password").fill("not this one")
    page.get_by_role("button", name="Check the connection").click()
    expect(page.locator(".alert-danger")).to_contain_text("It does not work yet")
    page.get_by_label("App password").fill(bluesky.app_password("hilft", "desk"))
    page.get_by_role("button", name="Check the connection").click()
    expect(page.locator(".alert-ok")).to_contain_text(bluesky.brand)
    page.get_by_role("button", name="Connect this account").click()
    card = page.locator("article.card", has_text=NAME)
    expect(card).to_contain_text(bluesky.brand)
    expect(card).to_contain_text("Last heard")


def disconnect(page: Page) -> None:
    """As an operator: the network is about to end, so hilft stops listening there."""
    page.goto("/desk/konten/")
    page.locator("article.card", has_text=NAME).get_by_role("button", name="Remove …").click()
    page.get_by_role("button", name=f"Remove {NAME}").click()
    expect(page.locator("article.card", has_text=NAME)).to_have_count(0)


def tell(installation: Installation, people: People, bluesky: Bluesky) -> None:
    asked = bluesky.post("nele", POST, mention="hilft")
    recognised(installation, SLUG, "nele.test")
    agent, approver, editor = people.page("agent"), people.page("approver"), people.page("editor")
    answer(agent, "nele.test", ADDITION, title=TITLE)
    assert replies(bluesky, asked["uri"]) == []
    release_all(approver)

    (first,) = until(lambda: replies(bluesky, asked["uri"]), "the reply in the AppView")
    record = first["record"]
    assert "kostenlos" in record["text"]
    assert record["text"].endswith(ADDITION)
    assert record["reply"] == {"root": strong(asked), "parent": strong(asked)}
    well_formed(installation, record)

    publish_correction(editor, TITLE, CHANGES, replies="Correct 1 reply")
    release_correction(approver, TITLE, button="Release 1 correction")

    (correction,) = until(lambda: replies(bluesky, first["uri"]), "the correction in the AppView")
    record = correction["record"]
    at = datetime.fromisoformat(first["record"]["createdAt"]).astimezone(ZoneInfo("Europe/Berlin"))
    assert record["text"].startswith(f"Korrektur zu unserer Antwort vom {at.day}. ")
    assert "4,90 €" in record["text"]
    assert record["reply"] == {"root": strong(asked), "parent": strong(first)}
    well_formed(installation, record)
    (still,) = replies(bluesky, asked["uri"])
    assert (still["cid"], still["record"]) == (first["cid"], first["record"])
    assert len(ours(bluesky)) == 2

    in_the_ledger(approver, first, correction)
    forgotten(installation, agent, bluesky, asked)
    assert len(ours(bluesky)) == 2


def in_the_ledger(page: Page, first: dict[str, Any], correction: dict[str, Any]) -> None:
    """The old placement is corrected and leads to the new one, which is current; both say where they stand."""
    page.goto("/desk/platzierungen/?kind=bluesky")
    expect(page.locator(".row")).to_have_count(2)
    new, old = page.locator(".row").nth(0), page.locator(".row").nth(1)
    expect(new).to_contain_text("Korrektur zu unserer Antwort")
    expect(new).to_contain_text("up to date")
    expect(new).to_contain_text("version 2")
    expect(old).to_contain_text("corrected")
    expect(old).to_contain_text("version 1")
    old.locator(".row-link").click()
    expect(page.locator(f"a[href$='{key(first)}']").first).to_be_visible()
    page.get_by_role("link", name="See the correction").click()
    link = page.locator(".card-foot a")
    expect(link).to_have_attribute("href", f"https://bsky.app/profile/{did(correction)}/post/{key(correction)}")
    expect(page.locator("main")).not_to_contain_text("Passed without a second person")
    expect(page.locator("main")).to_contain_text("Part of a released correction")


def forgotten(installation: Installation, page: Page, bluesky: Bluesky, asked: dict[str, Any]) -> None:
    """The customer deletes the question: the desk says so within the minute, and nothing keeps its words."""
    words = "das alte hat noch netz"
    kept = "SELECT count(*) FROM channels_event WHERE position(%s::bytea IN body) > 0"
    assert installation.query(kept, words.encode())[0][0] == 1
    bluesky.remove("nele", asked["uri"])
    page.goto("/desk/anliegen/?view=open")
    page.locator(".row-link", has_text="nele.test").first.click()
    log = page.locator("#log")
    expect(log).to_contain_text("deleted by the customer", timeout=90_000)
    expect(log).to_contain_text("we keep no copy")
    expect(log).not_to_contain_text(words)
    expect(log).to_contain_text("Korrektur zu unserer Antwort")
    page.reload()
    expect(page.locator("body")).not_to_contain_text(words)
    for table, column in (
        ("inbox_message", "text"),
        ("inbox_messageversion", "text"),
        ("inbox_conversation", "preview"),
        ("publishing_delivery", "text"),
    ):
        assert installation.query(f"SELECT 1 FROM {table} WHERE {column} LIKE %s", f"%{words}%") == [], table
    assert installation.query(kept, words.encode())[0][0] == 0


def well_formed(installation: Installation, record: dict[str, Any]) -> None:
    """Within the network's count, and the link is a link: its bytes are exactly the hosted question's address."""
    assert len(regex.findall(r"\X", record["text"])) <= 300
    (facet,) = record["facets"]
    (feature,) = facet["features"]
    address = f"{installation.address}/f/{SLUG}/"
    assert feature == {"$type": "app.bsky.richtext.facet#link", "uri": address}
    index = facet["index"]
    assert record["text"].encode()[index["byteStart"] : index["byteEnd"]].decode() == address


def replies(bluesky: Bluesky, uri: str) -> list[dict[str, Any]]:
    """The brand's replies directly below a post, as the AppView shows them to a stranger."""
    try:
        thread = bluesky.call("tom", "app.bsky.feed.getPostThread", uri=uri, depth=1)["thread"]
    except httpx2.HTTPStatusError:
        return []
    found = [reply["post"] for reply in thread.get("replies", [])]
    return [post for post in found if post["author"]["did"] == bluesky.did("hilft")]


def ours(bluesky: Bluesky) -> list[dict[str, Any]]:
    """Every post of the brand, from its own server."""
    params = {"repo": bluesky.did("hilft"), "collection": "app.bsky.feed.post", "limit": 100}
    found: list[dict[str, Any]] = bluesky.call("tom", "com.atproto.repo.listRecords", **params)["records"]
    return found


def strong(post: dict[str, Any]) -> dict[str, str]:
    return {"uri": post["uri"], "cid": post["cid"]}


def did(post: dict[str, Any]) -> str:
    return str(post["author"]["did"])


def key(post: dict[str, Any]) -> str:
    return str(post["uri"]).rpartition("/")[2]
