"""A published reply: reviewed blind by keyboard, read by its author, disputed, and decided by somebody new."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import People
from tests.browser.scene import play
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def review(page: Page, address: str, *, missed: int | None, remark: str = "") -> None:
    """Marks each criterion by keyboard alone, `missed` by its place as not met, with a comment."""
    page.goto(address)
    page.locator("main input[type=radio]").first.focus()
    for place in range(4):
        page.keyboard.press("Space")
        if place == missed:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        if place == missed:
            page.keyboard.type("Das Datum fehlt.")
        page.keyboard.press("Tab")
    page.keyboard.type(remark)
    page.keyboard.press("Control+Enter")


def test_reviewed_blind_disputed_and_decided(installation: Installation, people: People):
    scene = play(installation, "drawn")
    author, reviewer, third = people.page("agent"), people.page("trainer"), people.page("lead")
    address, result = (
        f"/desk/qualitaet/bewertungen/{scene['sample']}/",
        f"/desk/qualitaet/ergebnisse/{scene['sample']}/",
    )

    reviewer.goto(address)
    assert scene["author"] not in reviewer.content()
    review(reviewer, address, missed=0)
    expect(reviewer.locator("#toasts")).to_contain_text("Reviewed.")

    author.goto(result)
    expect(author.locator("main")).to_contain_text("67 of 100")
    expect(author.locator("main")).to_contain_text("Das Datum fehlt.")
    author.locator("#reason").fill("Das Datum steht im zweiten Satz.")
    author.locator("#reason").press("Control+Enter")
    expect(author.locator("main")).to_contain_text("looks at it anew")

    third.goto("/desk/qualitaet/")
    expect(third.locator("main")).to_contain_text("Disputed")
    third.goto(address)
    expect(third.locator("main")).to_contain_text("Das Datum steht im zweiten Satz.")
    assert scene["author"] not in third.content()
    review(third, address, missed=None, remark="Es steht da.")
    expect(third.locator("#toasts")).to_contain_text("Decided.")

    author.goto(result)
    expect(author.locator("main")).to_contain_text("100 of 100")
    expect(author.locator("main")).to_contain_text("Es steht da.")
