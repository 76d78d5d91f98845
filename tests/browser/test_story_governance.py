"""Candidate, contributor, publisher: who writes what becomes public by whose word; and a cause that is closed."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import ready, release_all
from tests.browser.conftest import People
from tests.browser.scene import play
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def fix(page: Page, conversation: int, addition: str, *, key: str = "f") -> None:
    """From the dock, with one key: a sentence more in every German text."""
    page.goto(f"/desk/anliegen/{conversation}/")
    page.locator("#log").click()
    page.keyboard.press(key)
    dialog = page.locator("dialog#fix")
    expect(dialog).to_be_visible()
    dialog.locator("summary", has_text="German").click()
    for field in dialog.locator("textarea[name^=body_de]").all():
        field.fill(f"{field.input_value()} {addition}")
    dialog.get_by_label("What changed").fill("Technik gefragt")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()


def public(people: People, slug: str) -> str:
    guest = people.page(locale="de-DE")
    guest.goto(f"/f/{slug}/")
    return guest.locator("main").inner_text()


def test_reuse_is_review_and_a_closed_cause_reaches_those_who_asked(installation: Installation, people: People):
    ready(installation)
    scene = play(installation, "governed")
    first, second, third = scene["conversations"]
    agent, approver, editor, lead = (people.page(role) for role in ("agent", "approver", "editor", "lead"))

    # A candidate proposes and takes it back with one key; nothing gets public.
    fix(agent, first, "Satz der Kandidatin.")
    expect(agent.locator("#toasts")).to_contain_text("Proposed: it waits for a second person.")
    expect(agent.locator("#dock")).to_contain_text("proposes another text")
    agent.keyboard.press("z")
    expect(agent.locator("#dock")).not_to_contain_text("proposes another text")
    assert "Kandidatin" not in public(people, scene["slug"])

    # A contributor's text becomes public when somebody else's reply made from it has left.
    lead.goto("/desk/rechte/")
    ((person, name),) = installation.query(
        "SELECT id, name FROM people_user WHERE roles @> ARRAY['agent']::varchar[] ORDER BY id LIMIT 1"
    )
    lead.locator(f"#person-{person} select").select_option("contributor")
    lead.locator(f"#person-{person} button").click()
    expect(lead.locator("#toasts")).to_contain_text(f"Saved: {name}")
    fix(agent, first, "Satz der Mitprüferin.")
    assert "Mitprüferin" not in public(people, scene["slug"])
    approver.goto(f"/desk/anliegen/{second}/")
    expect(approver.locator("#dock")).to_contain_text("Your use of it makes it public.")
    approver.locator("#log").click()
    approver.keyboard.press("u")
    text = approver.locator("#reply-text")
    expect(text).not_to_have_value("")
    text.press("End")
    text.press("Control+Enter")
    expect(approver.locator("#composer-place")).to_contain_text("Waiting for a second person")
    assert "Mitprüferin" not in public(people, scene["slug"])
    release_all(lead)
    expect(approver.locator("#log")).to_contain_text("Version 3 of", timeout=30_000)
    assert "Mitprüferin" in public(people, scene["slug"])

    # A publisher's fix holds at once.
    fix(editor, third, "Satz der Redaktion.")
    expect(editor.locator("#toasts")).to_contain_text("Published as version 4.")
    assert "Satz der Redaktion." in public(people, scene["slug"])

    # A cause is named, closed, and whoever asked since then is told on their own channel after one decision.
    editor.goto(f"/desk/ursachen/neu/?question={scene['question']}")
    editor.get_by_label("What it is").fill("Firmware 7.2")
    editor.get_by_label("Department").fill("Technik")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("h1")).to_have_text("Firmware 7.2")
    cause = editor.url
    agent.goto(f"/desk/anliegen/{third}/")
    expect(agent.locator("#dock")).to_contain_text("Cause: Firmware 7.2, open since")
    editor.get_by_role("button", name="closed").click()
    agent.goto(f"{cause}mitteilung/")
    agent.get_by_label("Text, Sie").fill("Der Fehler in der Firmware ist behoben.")
    agent.get_by_label("Text, du").fill("Der Fehler in der Firmware ist behoben.")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#group")).to_contain_text("Somebody else has to decide")
    release_all(approver)
    approver.goto("/desk/freigaben/")
    guest = people.page(locale="de-DE")
    guest.goto(f"/fragen/{scene['thread']}/")
    for _ in range(60):
        if "Der Fehler in der Firmware ist behoben." in guest.locator("main").inner_text():
            break
        guest.wait_for_timeout(500)
        guest.reload()
    expect(guest.locator("main")).to_contain_text("Der Fehler in der Firmware ist behoben.")
    agent.goto(f"{cause}mitteilung/")
    expect(agent.locator("main")).to_contain_text("Nobody is left to be told.")
