"""What only a browser shows of a page: the typeface of each letter, and the sheets that it prints."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import People

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
OURS = "Atkinson Hyperlegible Next"
SHOW = "name => { document.querySelector('h1').textContent = name; return document.fonts.ready.then(() => null) }"


def foreign(page: Page, name: str) -> int:
    """How many letters of a heading that says this come from another typeface."""
    page.evaluate(SHOW, name)
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    heading = session.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]
    return sum(font["glyphCount"] for font in fonts if not font["familyName"].startswith(OURS))


def test_a_name_is_written_in_one_typeface_as_far_as_it_reaches(people: People):
    page = people.page()
    page.goto("/")
    assert {name: foreign(page, name) for name in ("Minh Anh Trần", "Nguyễn Mỹ Hồng", "Ayşe Łódź", "Lệ Hưng")} == {
        "Minh Anh Trần": 0,
        "Nguyễn Mỹ Hồng": 0,
        "Ayşe Łódź": 0,
        "Lệ Hưng": 2,
    }


def test_a_certificate_is_printed_on_one_sheet_of_a4(people: People):
    page = people.page("agent")
    page.goto("/desk/schulung/")
    page.goto(page.locator("a[href*='/zertifikat/']").first.get_attribute("href") or "")
    page.emulate_media(media="print")
    sheet = page.locator(".diploma").evaluate("it => it.getBoundingClientRect().height")
    printed = page.pdf(prefer_css_page_size=True)
    sizes = [round(float(one)) for one in re.search(rb"/MediaBox \[([^\]]+)\]", printed)[1].split()]  # type: ignore[index]
    assert (sizes, len(re.findall(rb"/Type /Page\b(?!s)", printed))) == ([0, 0, 595, 842], 1)
    assert round(sheet / 96 * 25.4) == 272, "in millimetres: all but the margins"
