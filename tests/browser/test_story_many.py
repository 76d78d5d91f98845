"""One answer to forty who wait, on four channels: looked through once, sent in one step, each in its own place."""

import smtplib
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from tests.browser.acting import ready
from tests.browser.conftest import People
from tests.installation import BRAND_MAIL, Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

SLUG = "pin-gesperrt-puk"
ASKED = "Ich habe die PIN dreimal falsch eingegeben. Wo finde ich die PUK?"
HANDLES = (
    "yusuf_d", "gerd_schlueter", "lotte_vom_deich", "olena_k", "finn_al",
    "sophiemaurer", "u_hansen", "heiko_thiessen", "ingrid_w", "mehmet_aydin",
)  # fmt: skip


def test_forty_are_answered_in_one_step(installation: Installation, people: People):
    ready(installation)
    until(installation.introduced, "the practice networks' challenges")
    posts = [installation.post(who, f"@nordnetz {ASKED}")["id"] for who in HANDLES]
    tweets = [installation.tweet(who, f"@nordnetz {ASKED}")["id"] for who in HANDLES]
    comments = [installation.comment(who, ASKED)["id"] for who in HANDLES]
    with smtplib.SMTP("127.0.0.1", installation.smtp) as server:
        for number, who in enumerate(HANDLES):
            server.send_message(mail(number, who))
    waiting = (
        "SELECT count(*) FROM inbox_conversation c JOIN knowledge_question q ON q.id = c.question_id"
        " WHERE q.slug = %s AND c.waiting_since IS NOT NULL AND c.state = 'open'"
    )
    until(lambda: installation.query(waiting, SLUG)[0][0] == 40, "forty who wait on the same question", seconds=120)

    agent = people.page("agent")
    ((question,),) = installation.query("SELECT id FROM knowledge_question WHERE slug = %s", SLUG)
    agent.goto(f"/desk/fragen/{question}/")
    agent.get_by_role("link", name="Look and answer all of them").click()
    expect(agent.locator("h1")).to_have_text("Who waits on this question")
    expect(agent.locator("main")).to_contain_text("40 people wait.")
    expect(agent.locator("input[name=conversation]:checked")).to_have_count(40)
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("h1")).to_have_text("Reply to 40 conversations")
    expect(agent.locator("#group")).to_contain_text("40 of 40 have their answer", timeout=120_000)

    for replies in (
        [installation.replies(post) for post in posts],
        [installation.x_replies(tweet) for tweet in tweets],
        [installation.facebook_replies(comment) for comment in comments],
    ):
        assert [len(found) for found in replies] == [1] * 10
    for who in HANDLES:
        letters = [one for one in installation.mails(f"{who}@forty.example") if "PUK" in one["text"]]
        assert len(letters) == 1
    assert installation.query(waiting, SLUG)[0][0] == 0
    agent.goto("/desk/sammelantworten/")
    agent.locator(".row-link").first.click()
    expect(agent.locator("h1")).to_have_text("Reply to 40 conversations")


def mail(number: int, who: str) -> EmailMessage:
    """A customer's mail."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"{who}@forty.example", BRAND_MAIL, "PUK"
    made["Message-ID"] = f"<forty-{number}@forty.example>"
    made.set_content(f"Guten Tag,\n\n{ASKED}\n\nVielen Dank\n{who}\n")
    return made
