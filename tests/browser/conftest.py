"""A real browser and, once for all, an installation to use it on."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.installation import Installation, running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE = 15_000
"""Milliseconds for a step and for what is expected to be seen; two cores are shared with whatever else is tested."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """The example workspace with its peers, silent but for what the tests say."""
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ends with its module: beside its event loop the worker's other tests could not ask the database."""
    path = os.environ.get("HILFT_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class People:
    """Signed-in people, each in a browser of their own; complaints of any page fail the test."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self.browser, self.installation = browser, installation
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(self, role: str = "", *, locale: str = "en-GB", **options: object) -> Page:
        """A page of somebody with this role, or of a guest."""
        context = self.browser.new_context(locale=locale, base_url=self.installation.address, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        if role:
            page.goto(self.installation.link(role))
        return page

    def _listen(self, message: object) -> None:
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and "Content Security Policy" in text:
            self.complaints.append(text)


@pytest.fixture
def people(chromium: Browser, installation: Installation) -> Iterator[People]:
    found = People(chromium, installation)
    yield found
    for context in found.contexts:
        context.close()
    assert found.complaints == []
