"""Answered before: linked from the desk and from the portal, contested, taken back; merged, split, and grouped."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import ready
from tests.browser.conftest import People
from tests.browser.scene import play
from tests.installation import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_linked_from_the_desk_contested_and_taken_back(installation: Installation, people: People):
    ready(installation)
    scene = play(installation, "duplicate")
    agent = people.page("agent")
    agent.goto(f"/desk/anliegen/{scene['first']}/")
    agent.get_by_role("button", name="More").click()
    agent.get_by_role("link", name="Link as duplicate …").click()
    agent.get_by_label("Which question answers it?").fill("WLAN")
    agent.locator("#rows").get_by_role("button", name=re.compile("^Link to: ")).first.click()
    expect(agent.locator("#dock")).to_contain_text("Linked as a duplicate of")

    text = until(lambda: [m["text"] for m in installation.mails("first@post.example")], "the notice")[-1]
    (contest,) = re.findall(r"(/fragen/widerspruch/\S+/)", text)
    guest = people.page(locale="de-DE")
    guest.goto(contest)
    guest.get_by_label("Was fehlt?").fill("Bei mir ist es das Kabel.")
    guest.get_by_role("button", name="Meine Frage ist eine andere.").click()
    expect(guest.locator("main")).to_contain_text("Bei mir ist es das Kabel.")
    expect(guest.locator("main")).to_contain_text("Wir sehen es uns noch einmal an")

    agent.goto(f"/desk/anliegen/{scene['first']}/")
    expect(agent.locator("#dock")).to_contain_text("Contested: Meine Frage ist eine andere.")
    agent.locator("#dock").get_by_role("button", name="Take back").click()
    expect(agent.locator("#dock")).not_to_contain_text("Linked as a duplicate of")


def test_linked_from_the_portal_and_undone(installation: Installation, people: People):
    ready(installation)
    scene = play(installation, "duplicate")
    editor = people.page("editor")
    editor.goto(f"/fragen/{scene['thread']}/")
    editor.get_by_role("link", name=re.compile("verknüpfen …")).click()
    editor.get_by_label("Which question answers it?").fill("WLAN")
    editor.locator("#rows").get_by_role("button", name=f"Link to: {scene['title']}").click()
    expect(editor.locator("main")).to_contain_text("Das wurde schon einmal gefragt")
    guest = people.page(locale="de-DE")
    guest.goto(f"/fragen/{scene['thread']}/")
    guest.get_by_role("link", name=scene["title"]).click()
    expect(guest.locator("h1")).to_have_text(scene["title"])
    editor.goto(f"/desk/anliegen/{scene['second']}/dublette/")
    editor.get_by_role("button", name="Take back").click()
    guest.goto(f"/fragen/{scene['thread']}/")
    expect(guest.locator("main")).not_to_contain_text("Das wurde schon einmal gefragt")


def test_merged_and_split_with_replies_following(installation: Installation, people: People):
    ready(installation)
    scene = play(installation, "merge")
    editor = people.page("editor")
    editor.goto(f"/desk/fragen/{scene['source']}/zusammenfuehrung/?q={scene['name']}")
    editor.locator("#rows .row-link").first.click()
    expect(editor.locator("main")).to_contain_text("Replies out there")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#moves")).to_contain_text("was merged into this one")
    expect(editor.locator("main")).to_contain_text("See where it stands")
    guest = people.page(locale="de-DE")
    guest.goto(f"/f/{scene['slug']}/")
    expect(guest.locator("h1")).to_have_text(scene["name"])

    editor.goto(f"/desk/fragen/{scene['target']}/teilung/")
    editor.get_by_label("New question").fill("Wieder eine eigene Frage?")
    editor.get_by_label(scene["wording"]).check()
    editor.get_by_role("button", name="Show what moves").click()
    expect(editor.locator("#preview")).to_contain_text("1 wording · 1 conversation · 1 reply out there")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("h1")).to_have_text("Wieder eine eigene Frage?")
    expect(editor.locator("main")).to_contain_text("See where it stands")
    editor.locator("#moves").get_by_role("button", name="Take back").click()
    expect(editor.locator("h1")).to_have_text(scene["name"])
    expect(editor.locator("main")).to_contain_text("See where it stands")


def test_a_new_question_from_a_group(installation: Installation, people: People):
    ready(installation)
    play(installation, "group")
    editor = people.page("editor")
    editor.goto("/desk/gruppen/")
    editor.locator(".row-link").first.click()
    expect(editor.get_by_label("Question", exact=True)).not_to_have_value("")
    editor.get_by_label("Topic").fill("Zubehör")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#answer-form")).to_be_visible()
    assert installation.query(
        "SELECT count(*) FROM inbox_conversation c JOIN knowledge_question q ON q.id = c.question_id"
        " WHERE q.topic = 'Zubehör' AND c.confirmed"
    ) == [(3,)]
