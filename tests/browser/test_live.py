"""What a page shows without a reload: replies that left, and what changed before its stream was open."""

import httpx2
import pytest
from playwright.sync_api import Route, expect

from hilft.cli.instance import OFFSETS
from tests.browser.acting import ready
from tests.browser.conftest import People
from tests.browser.scene import play
from tests.installation import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_the_composer_is_free_again_when_the_reply_has_left(installation: Installation, people: People):
    ready(installation)
    installation.query("UPDATE people_user SET undo_seconds = 5 RETURNING 1")
    asked = installation.post("detlef_pohl", "@nordnetz Wie ändere ich meine Bankverbindung?")
    page = people.page("approver")
    until(
        lambda: installation.query(
            "SELECT 1 FROM inbox_message m JOIN inbox_match x ON x.message_id = m.id WHERE m.external_id = %s",
            asked["id"],
        ),
        "a matched question",
        seconds=120,
    )
    pk = installation.query("SELECT conversation_id FROM inbox_message WHERE external_id = %s", asked["id"])[0][0]
    page.goto(f"/desk/anliegen/{pk}/")
    page.locator("#log").click()
    page.keyboard.press("1")
    expect(page.locator("#draft-state")).to_contain_text("unchanged")
    page.locator("#reply-text").press("Control+Enter")
    expect(page.locator("#composer-place [data-undo]")).to_be_visible()
    expect(page.locator("#composer-place #reply-text")).to_be_visible(timeout=45_000)
    expect(page.locator("#composer-place [data-undo]")).to_have_count(0)
    assert len(installation.replies(asked["id"])) == 1


def test_what_changed_before_the_stream_was_open_is_shown(installation: Installation, people: People):
    page = people.page("agent")
    held: list[Route] = []
    page.route("**/events*", lambda route: held.append(route))
    page.goto("/desk/anliegen/?view=all")
    asked = installation.post("detlef_pohl", "@nordnetz und noch eine Frage: wann kommt der Techniker?")
    matched = (
        "SELECT m.conversation_id FROM inbox_message m JOIN inbox_match x ON x.message_id = m.id"
        " WHERE m.external_id = %s"
    )
    pk = until(lambda: installation.query(matched, asked["id"]), "the matched question")[0][0]
    busy = "SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name ~ '^inbox.*match$'"
    until(lambda: not installation.query(busy), "an idle worker")
    until(lambda: page.wait_for_timeout(50) or held, "the page's request for its stream")
    expect(page.locator(f"#row-{pk}")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(f"#row-{pk}")).to_be_visible()


def test_whoever_may_not_sign_in_any_more_hears_nothing_more(installation: Installation):
    cookie = {"Cookie": play(installation, "arrived")["cookie"]}
    events = f"http://127.0.0.1:{installation.port + OFFSETS['live']}/events"
    with httpx2.stream("GET", events, headers=cookie, trust_env=False, timeout=30) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1500"
        play(installation, "dismissed")
        assert [line for line in lines if "signed-out" in line] == []
    assert httpx2.get(events, headers=cookie, trust_env=False).status_code == 401
