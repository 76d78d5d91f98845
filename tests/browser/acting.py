"""What people do in a browser, step by step, as more than one story needs it."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.installation import Installation, clean, until


def staged(installation: Installation, *arguments: str) -> str:
    """Sets a scene from a process of its own; what it printed."""
    environment = clean(
        {
            "DJANGO_SETTINGS_MODULE": "hilft.config.settings",
            "HILFT_DATABASE_URL": installation.database_url,
            "HILFT_SECRET_FILE": str(installation.folder / "secret.key"),
            "HILFT_PORT": str(installation.port),
        }
    )
    environment["PYTHONPATH"] += f":{Path(__file__).parents[2]}"
    command = [sys.executable, "-m", "tests.browser.stage", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ready(installation: Installation) -> None:
    """Waits for the index of wordings; whoever sends waits one second for an undo, not ten."""
    until(
        lambda: installation.query("SELECT count(*) FROM knowledge_wording WHERE unread")[0][0] == 0,
        "all wordings in the index",
        seconds=120,
    )
    installation.query("UPDATE people_user SET undo_seconds = 1 RETURNING 1")


def recognised(installation: Installation, slug: str, *names: str) -> None:
    """Waits until these customers are known to ask this question."""
    asking = (
        "SELECT count(*) FROM inbox_conversation c JOIN people_handle h ON h.id = c.handle_id"
        " JOIN knowledge_question q ON q.id = c.question_id"
        " WHERE q.slug = %s AND coalesce(nullif(h.name, ''), h.handle) = ANY(%s)"
    )
    until(
        lambda: installation.query(asking, slug, list(names))[0][0] == len(names),
        f"{slug} recognised in what {', '.join(names)} wrote",
    )


def answer(page: Page, name: str, addition: str, *, title: str) -> None:
    """As an agent: opens the conversation, inserts the first suggestion, adds a sentence, submits."""
    page.goto(f"/desk/anliegen/?view=open&q={name}")
    page.locator(".row-link", has_text=name).first.click()
    first = page.locator(".suggestion").first
    expect(first).to_contain_text(title)
    text = page.locator("#reply-text")
    page.locator("#log").click()
    page.keyboard.press("1")
    expect(text).not_to_have_value("")
    text.press("Control+End")
    text.press_sequentially(addition)
    expect(page.locator("#draft-state")).to_contain_text("second person")
    text.press("Control+Enter")
    expect(page.locator("#composer-place")).to_contain_text("Waiting for a second person")


def release_all(page: Page) -> None:
    """As an approver: decides until nothing is left that this person may decide."""
    page.goto("/desk/freigaben/")
    while page.locator(".row-link").count():
        page.locator(".row-link").first.click()
        button = page.get_by_role("button", name="Release")
        expect(button).to_be_visible()
        digest = page.locator("input[name=digest]").first.input_value()
        page.keyboard.press("Control+Enter")
        expect(page.locator(f"input[value='{digest}']")).to_have_count(0)
        page.goto("/desk/freigaben/")


def publish_correction(page: Page, title: str, changes: Mapping[str, str], *, replies: str) -> None:
    """As an editor: changes every text and submits that all replies made from older ones are corrected."""
    page.goto(f"/desk/fragen/?q={title}")
    page.locator(f"a:has-text('{title}')").first.click()
    page.goto(page.url.rstrip("/") + "/fassung/")
    for field in page.locator("#answer-form textarea").all():
        text = field.input_value()
        for old, new in changes.items():
            text = text.replace(old, new)
        field.fill(text)
    page.locator("button[name=action][value=publish]").click()
    expect(page.locator("main")).to_contain_text(replies)
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Nothing has left yet")
    page.get_by_role("button", name="Submit").first.click()
    expect(page.locator("#batch")).to_contain_text("Somebody else has to decide")


def release_correction(page: Page, title: str, *, button: str) -> None:
    """As an approver: releases the batch and watches it until every reply says what holds."""
    page.goto("/desk/korrekturen/")
    page.locator(f"a:has-text('{title}')").first.click()
    page.get_by_role("button", name=button).click()
    expect(page.locator("#batch")).to_contain_text("say what holds", timeout=60_000)
