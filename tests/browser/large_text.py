"""What a reader with text of twice the size loses on a page (WCAG 1.4.4): cut off, overlapping, or out of reach."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import CDPSession, Page

USUAL = 16
SCRIPT = Path(__file__).with_suffix(".js").read_text()


@contextmanager
def text_of(page: Page, percent: int) -> Iterator[None]:
    """Sets the browser's own font size, as a reader does in its settings; media queries in rem follow, px do not."""
    session = page.context.new_cdp_session(page)
    try:
        _set(session, USUAL * percent // 100)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        yield
    finally:
        _set(session, USUAL)
        session.detach()


def lost(page: Page, percent: int = 100) -> list[str]:
    """One sentence for each text or control that is lost at this size of text."""
    with text_of(page, percent):
        found: list[str] = page.evaluate(SCRIPT)
    return found


def _set(session: CDPSession, size: int) -> None:
    session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size * 13 // 16}})
