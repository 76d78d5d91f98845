"""Somebody new: training, practice, certificate, a first reply under four eyes, sampling, a rejection, and an end."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import ready
from tests.browser.conftest import People
from tests.browser.scene import play
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
DRAFT = "Der Laden öffnet immer um zehn, glaube ich."
BETTER = "Der Laden öffnet um zehn Uhr."
PRACTISED = "Bitte nutzen Sie solange den Hotspot Ihres Handys: Die Umschaltung dauert bis zu 48 Stunden."


def learn(page: Page, installation: Installation, key: str) -> None:
    """Reads all lessons, answers every question rightly, and hands in."""
    page.goto(f"/desk/schulung/modul/{key}/")
    page.locator(".timeline a").first.click()
    for _ in range(2):
        page.get_by_role("button", name="Read, on to the next lesson").click()
    page.get_by_role("button", name="Read, back to the module").click()
    page.get_by_role("button", name="Begin the exam").click()
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    number = page.url.rstrip("/").rpartition("/")[2]
    ((drawn,),) = installation.query("SELECT questions FROM training_attempt WHERE id = %s", number)
    for question in drawn:
        ((choices,),) = installation.query("SELECT choices FROM training_examquestion WHERE id = %s", question)
        for place, choice in enumerate(choices):
            if choice["right"]:
                page.locator(f"#q{question}-{place}").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("main")).to_contain_text("5 of 5 right.")


def write(page: Page, conversation: int, text: str) -> None:
    """As the new one: a free text, submitted."""
    page.goto(f"/desk/anliegen/{conversation}/")
    page.locator("#reply-text").fill(text)
    page.locator("#reply-text").press("Control+Enter")


def test_from_the_first_lesson_to_sampling_and_back(installation: Installation, people: People):
    ready(installation)
    scene = play(installation, "trainee")
    first, second = scene["conversations"]
    new, trainer, approver = people.page(), people.page("trainer"), people.page("approver")
    new.goto(scene["link"])

    # Nothing is proven yet: where the reply would be stands what is missing, and the way to the training.
    new.goto(f"/desk/anliegen/{first}/")
    expect(new.locator("#reply-text")).to_have_count(0)
    expect(new.locator(".thread-dock")).to_contain_text("“Writing in public”, level 2, is missing.")
    new.get_by_role("link", name="To your training").click()
    expect(new.locator("h1")).to_have_text("Your training")

    # One skill was proven elsewhere, the other one is learned here.
    trainer.goto("/desk/schulung/personen/")
    proven = trainer.locator("form[action='/desk/schulung/personen/zertifikat/']")
    proven.get_by_label("Person").select_option(label="Mia Lindner")
    proven.get_by_label("Skill").select_option(label="Privacy")
    proven.get_by_label("Level").select_option("2")
    proven.get_by_label("How it was proven").fill("Zeugnis des früheren Arbeitgebers")
    proven.get_by_role("button", name="Certify").click()
    expect(trainer.locator("#toasts")).to_contain_text("Certified: Mia Lindner")
    learn(new, installation, "schreiben")

    # Practice looks like the real thing and is marked by somebody else.
    new.get_by_role("link", name="To the practice conversation").click()
    new.locator("#practice-text").fill(PRACTISED)
    new.locator("#practice-text").press("Control+Enter")
    expect(new.locator("#toasts")).to_contain_text("Handed in.")
    trainer.goto("/desk/schulung/pruefen/")
    trainer.locator(".row-link", has_text="Mia Lindner").click()
    for met in trainer.get_by_label("met", exact=True).all():
        met.check()
    trainer.get_by_label("Your comment").fill("Sehr gut.")
    trainer.get_by_role("button", name="Save the marks").click()
    expect(trainer.locator("#toasts")).to_contain_text("Marked: Mia Lindner")
    new.goto("/desk/schulung/")
    new.get_by_role("link", name="Writing in public", exact=True).click()
    expect(new.locator(".diploma")).to_contain_text("Mia Lindner")

    # The first reply waits for a second person, who changes it; she sees what changed and agrees.
    write(new, first, DRAFT)
    expect(new.locator("#composer-place")).to_contain_text("Waiting for a second person")
    approver.goto("/desk/freigaben/")
    approver.locator(".row-link", has_text=DRAFT).click()
    approver.get_by_role("button", name="Change …").click()
    approver.locator("#edit-text").fill(BETTER)
    approver.locator("#edit-text").press("Control+Enter")
    expect(approver.locator("#toasts")).to_contain_text("Changed.")
    new.goto("/desk/freigaben/")
    new.locator(".row-link", has_text=BETTER).click()
    expect(new.locator("#thread del").first).to_be_visible()
    expect(new.locator("#thread")).to_contain_text("changed your text")
    new.get_by_role("button", name="Release publicly").click()
    new.goto(f"/desk/anliegen/{first}/")
    expect(new.locator("#log")).to_contain_text(BETTER, timeout=30_000)

    # After 29 checks without a fault a sample suffices; one rejection leads back to the beginning.
    play(installation, "checked")
    new.goto("/desk/nachweis/")
    expect(new.locator("main")).to_contain_text("30 % of your changed or free texts are looked at first")
    write(new, second, "Dafür bekommen Sie eine Gutschrift.")
    expect(new.locator("#composer-place")).to_contain_text("Waiting for a second person")
    approver.goto("/desk/freigaben/")
    approver.locator(".row-link", has_text="Gutschrift").click()
    approver.get_by_role("button", name="Send back …").click()
    approver.locator("#reject-reason").fill("Eine Gutschrift sagen wir nicht zu.")
    approver.locator("#reject-reason").press("Control+Enter")
    expect(approver.locator("#toasts")).to_contain_text("Sent back to Mia Lindner")
    new.goto("/desk/nachweis/")
    expect(new.locator("main")).to_contain_text("100 % of your changed or free texts are looked at first")

    # The certificate ends while a page is open: the next click is refused and leads to the module.
    new.goto(f"/desk/anliegen/{first}/")
    expect(new.locator("#reply-text")).to_be_visible()
    assert play(installation, "lapsed") == {"ended": 2}
    new.locator("#reply-text").fill("Und noch etwas.")
    new.locator("#reply-text").press("Control+Enter")
    expect(new.locator("#toasts")).to_contain_text("“Writing in public”, level 2, ended on")
    new.locator("#toasts").get_by_role("link", name="To the module").first.click()
    expect(new.locator("h1")).to_have_text("Writing in public, Sie and du")
    expect(new.get_by_role("button", name="Take the exam again")).to_be_visible()
