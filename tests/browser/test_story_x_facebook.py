"""The story on X and Facebook: answered, corrected as each network allows, moved to private, and refused in time."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import answer, publish_correction, ready, recognised, release_all, release_correction
from tests.browser.conftest import People
from tests.installation import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

TWEET = "@nordnetz mein Handy ist weg, wohl in der Bahn geklaut. Wie sperre ich jetzt die SIM-Karte?"
COMMENT = "Mein Handy wurde gestohlen! Wie lasse ich die SIM-Karte sperren, und was kostet eine neue?"
SLUG, TITLE = "sim-verloren-sperren", "Handy oder SIM-Karte verloren"
WEEK = 7 * 86_400


def test_answered_and_corrected_as_each_network_allows(installation: Installation, people: People):
    ready(installation)
    until(installation.introduced, "the practice networks' challenges")
    tweet = installation.tweet("priya_in_kiel", TWEET)
    comment = installation.comment("marek_z", COMMENT)
    recognised(installation, SLUG, "Priya Raman", "Marek Zieliński")
    agent, approver, editor = people.page("agent"), people.page("approver"), people.page("editor")
    answer(agent, "Priya Raman", " Viel Glück!", title=TITLE)
    expect(agent.locator("#composer-place")).to_contain_text("Viel Glück!")
    answer(agent, "Marek Zieliński", "\n\nViel Glück!", title=TITLE)
    release_all(approver)

    (on_x,) = until(lambda: installation.x_replies(tweet["id"]), "the reply on X")
    assert "0800 000 1160" in on_x["plain"]
    assert "http" not in on_x["plain"], "a link would cost thirteen times as much"
    (on_facebook,) = until(lambda: installation.facebook_replies(comment["id"]), "the reply on Facebook")
    assert "0800 000 1160" in on_facebook["text"]

    publish_correction(editor, TITLE, {"0800 000 1160": "0800 000 1170"}, replies="Correct all 2 replies")
    release_correction(approver, TITLE, button="Release 2 corrections")
    (correction,) = until(lambda: installation.x_replies(on_x["id"]), "the visible correction on X")
    assert "Korrektur zu unserer Antwort" in correction["plain"]
    assert "0800 000 1170" in correction["plain"]
    assert [post["plain"] for post in installation.x_replies(tweet["id"])] == [on_x["plain"]], "X edits no replies"
    (edited,) = installation.facebook_replies(comment["id"])
    assert (edited["id"], "0800 000 1170" in edited["text"]) == (on_facebook["id"], True)


def test_moved_to_private_on_both(installation: Installation, people: People):
    ready(installation)
    installation.tweet("lan_nguyen", "@nordnetz auf meiner Rechnung steht was Fremdes, kann ich euch die Nummer geben?")
    installation.comment("renate_voss", "Meine Rechnung stimmt nicht. Wo kann ich Ihnen meine Kundennummer nennen?")
    agent, approver = people.page("agent"), people.page("approver")
    in_private(agent, "Lan Nguyễn", "Moin Lan, hier ist der richtige Ort: Wie lautet deine Kundennummer?")
    in_private(agent, "Renate Voß", "Guten Tag Frau Voß, hier können Sie uns Ihre Kundennummer nennen.")
    release_all(approver)
    message = until(lambda: installation.x_messages("lan_nguyen"), "the direct message on X")
    assert [("der richtige Ort" in one["text"]) for one in message] == [True]
    letter = until(lambda: installation.facebook_messages("renate_voss"), "the private reply on Facebook")
    assert [("hier können Sie uns" in one["text"]) for one in letter] == [True]

    installation.facebook_message("renate_voss", "4711-0815, vielen Dank.")
    installation.x_message("lan_nguyen", "4711-0815, danke!")
    for name in ("Renate Voß", "Lan Nguyễn"):
        opened(agent, name, saying="4711-0815")
        expect(agent.locator("#log")).to_contain_text("Kundennummer")
        expect(agent.locator("#log")).to_contain_text("4711-0815")
        expect(agent.locator("#composer")).to_have_class("composer composer-private")
        expect(agent.locator("#composer")).not_to_contain_text("Answer in public")


def test_refused_by_the_window_with_the_open_way(installation: Installation, people: People):
    ready(installation)
    installation.practice_clock("meta", -WEEK - 60)
    try:
        comment = installation.comment("detlef_pohl", "Wann kommt der Techniker denn nun endlich?")
    finally:
        installation.practice_clock("meta", 0)
    agent, approver = people.page("agent"), people.page("approver")
    opened(agent, "Detlef Pohl")
    agent.locator("#log").focus()
    agent.keyboard.press("p")
    refusal = agent.locator("#allowed")
    expect(refusal).to_contain_text("This reply would be refused. The 7 days for a private reply ended on")
    text = agent.locator("#reply-text")
    text.fill("Der Techniker kommt morgen zwischen 8 und 12 Uhr.")
    text.press("Control+Enter")
    expect(agent.locator("body")).to_contain_text("The 7 days for a private reply ended on")
    assert installation.facebook_messages("detlef_pohl") == []
    refusal.get_by_role("button", name="Answer in public instead").click()
    expect(agent.locator("#composer")).to_have_class("composer composer-public")
    expect(text).to_have_value("Der Techniker kommt morgen zwischen 8 und 12 Uhr.")
    text.press("Control+Enter")
    expect(agent.locator("#composer-place")).to_contain_text("Waiting for a second person")
    release_all(approver)
    until(lambda: installation.facebook_replies(comment["id"]), "the public reply on Facebook")


def test_refused_by_reply_right_with_the_open_way(installation: Installation, people: People):
    ready(installation)
    listening = json.dumps({"terms": ["nordnetz"], "poll_seconds": 2})
    sql = "UPDATE channels_account SET settings = settings || %s::jsonb WHERE kind = 'x' RETURNING 1"
    installation.query(sql, listening)
    tweet = installation.tweet("kevin_ahl", "bei nordnetz hängt in Gaarden seit heute früh das Fernsehbild")
    agent, approver = people.page("agent"), people.page("approver")
    opened(agent, "Kevin Ahlers")
    refusal = agent.locator("#allowed")
    expect(refusal).to_contain_text("X lets us reply only to people who mentioned or quoted us")
    text = agent.locator("#reply-text")
    text.fill("Moin Kevin, das Fernsehbild ist seit 11 Uhr wieder da.")
    text.press("Control+Enter")
    expect(agent.locator("body")).to_contain_text("Let a person reply or quote in the X app")
    assert installation.x_replies(tweet["id"]) == []

    refusal.get_by_role("button", name="to be posted by hand").click()
    expect(agent.locator("#composer-place")).to_contain_text("Waiting for a second person")
    release_all(approver)
    agent.goto("/desk/klaeren/")
    card = agent.locator("article.card", has_text="Kevin Ahlers")
    expect(card).to_contain_text("To be posted by hand.")
    installation.tweet("nordnetz", "Moin Kevin, das Fernsehbild ist seit 11 Uhr wieder da.", reply_to=tweet["id"])
    card.get_by_role("button", name="I have posted it").click()
    expect(agent.locator("#log .message-out")).to_contain_text("seit 11 Uhr wieder da")
    expect(agent.locator("#log .message-out")).to_contain_text("up to date")


def opened(page: Page, name: str, *, saying: str = "") -> None:
    """As an agent: opens the conversation of this customer as soon as it is there, and says this."""
    row = page.locator(".row-link", has_text=name).filter(has_text=saying)

    def there() -> bool:
        page.goto(f"/desk/anliegen/?view=open&q={name}")
        return row.count() > 0

    until(there, f"{name}'s conversation")
    row.first.click()
    expect(page.locator("#composer")).to_be_visible()


def in_private(page: Page, name: str, words: str) -> None:
    """As an agent: turns the reply private by key, writes and submits."""
    opened(page, name)
    expect(page.locator("#composer")).to_have_class("composer composer-public")
    page.locator("#log").focus()
    page.keyboard.press("p")
    expect(page.locator("#composer")).to_have_class("composer composer-private")
    text = page.locator("#reply-text")
    text.fill(words)
    expect(page.get_by_role("button", name="Submit privately")).to_be_visible()
    text.press("Control+Enter")
    expect(page.locator("#composer-place")).to_contain_text("Waiting for a second person")
