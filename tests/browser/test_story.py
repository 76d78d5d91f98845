"""The whole story: asked twice in different words, answered once, released by somebody else, corrected everywhere."""

import smtplib
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from tests.browser.acting import answer, publish_correction, ready, recognised, release_all, release_correction
from tests.browser.conftest import People
from tests.installation import BRAND_MAIL, Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

POST = "@nordnetz moin, Umzug erledigt aber mein Router blinkt seit gestern nur orange. was mach ich jetzt?"
MAIL = (
    "Guten Tag,\n\nnach unserem Umzug blinkt der Router nur noch orange und wir haben kein Internet. "
    "Der Termin war gestern. Können Sie uns bitte helfen?\n\nMit freundlichen Grüßen\nKatja Brandt\n"
)
TITLE = "Router blinkt nach dem Umzug nur orange"


def test_the_whole_story(installation: Installation, people: People):
    ready(installation)
    asked = installation.post("yusuf_d", POST)
    with smtplib.SMTP("127.0.0.1", installation.smtp) as server:
        server.send_message(mail_to_brand("katja.brandt@post.example", MAIL))

    agent = people.page("agent")
    recognised(installation, "router-blinkt-orange", "Yusuf Demir", "Katja Brandt")
    answer(agent, "Yusuf Demir", " Sag gern Bescheid, wie es weitergeht.", title=TITLE)
    answer(agent, "Katja Brandt", "\n\nPS: Melden Sie sich gern wieder.", title=TITLE)
    agent.goto("/desk/freigaben/")
    agent.locator(".row-link").first.click()
    expect(agent.locator("body")).to_contain_text("Somebody else has to decide")

    approver = people.page("approver")
    release_all(approver)

    replies = until(lambda: installation.replies(asked["id"]), "the reply at the Mastodon peer")
    assert len(replies) == 1
    assert "48 Stunden" in replies[0]["content"]
    assert "Sag gern Bescheid" in replies[0]["content"]
    mails = until(lambda: installation.mails("katja.brandt@post.example"), "the mail in the customer's mailbox")
    assert len(mails) == 1
    assert "48 Stunden" in mails[0]["text"]
    assert "Melden Sie sich gern wieder" in mails[0]["text"]

    editor = people.page("editor")
    publish_correction(editor, TITLE, {"48": "24"}, replies="Correct all 2 replies")
    release_correction(approver, TITLE, button="Release 2 corrections")

    (corrected,) = until(
        lambda: [r for r in installation.replies(asked["id"]) if "24 Stunden" in r["content"]], "the corrected post"
    )
    assert corrected["id"] == replies[0]["id"]
    assert corrected["edited_at"]
    assert "48 Stunden" not in corrected["content"]
    mails = until(
        lambda: (found := installation.mails("katja.brandt@post.example"))[1:] and found, "the follow-up mail"
    )
    assert len(mails) == 2
    assert any("24 Stunden" in mail["text"] and "stimmt so nicht mehr" in mail["text"] for mail in mails)

    guest = people.page(locale="de-DE")
    guest.goto("/f/router-blinkt-orange/")
    expect(guest.locator("main")).to_contain_text("24 Stunden")
    expect(guest.locator("main")).to_contain_text("Fassung 2")


def mail_to_brand(sender: str, text: str) -> EmailMessage:
    """A plain mail as a customer's program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Katja Brandt <{sender}>", BRAND_MAIL, "Router blinkt orange"
    mail["Message-ID"] = "<story-1@post.example>"
    mail.set_content(text)
    return mail
