"""The slider says what a setting means while it moves, and an editor saves it; also without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.acting import staged
from tests.browser.conftest import People
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_the_slider_and_its_consequences(installation: Installation, people: People):
    staged(installation, "judged")
    editor = people.page("editor")
    editor.goto("/desk/treffer/")
    setting = editor.locator("#setting")
    expect(setting).to_contain_text("suggestions is wrong")
    expect(setting).to_contain_text("This is how it is set.")
    slider = editor.get_by_label("Suggest a hosted question")
    slider.focus()
    for _press in range(5):
        slider.press("ArrowRight")
    expect(setting).to_contain_text("At 60 %")
    expect(setting).to_contain_text("suggestions was wrong")
    editor.get_by_role("button", name="Suggest from 60 % on").click()
    expect(editor.locator("#setting")).to_contain_text("This is how it is set.")
    assert installation.query("SELECT bar FROM knowledge_matching")[0][0] == 0.6

    silent = people.page("editor", java_script_enabled=False)
    silent.goto("/desk/treffer/?bar=35")
    silent.get_by_role("button", name="Show what it means").click()
    expect(silent.locator("#setting")).to_contain_text("It is set to 60 %.")
    silent.get_by_role("button", name="Suggest from 35 % on").click()
    expect(silent.locator("#setting")).to_contain_text("This is how it is set.")
    assert installation.query("SELECT bar FROM knowledge_matching")[0][0] == 0.35
