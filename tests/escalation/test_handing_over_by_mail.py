"""A matter goes to a department by real mail, and its answer comes back: lost, doubled, forged, bounced, cut off."""

import smtplib
from typing import Any

import pytest
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.channels.registry import adapter_of
from hilft.escalation.commands import sending
from hilft.escalation.commands.handovers import close
from hilft.escalation.letters import outgoing_of
from hilft.escalation.models import Dispatch, HandOver, Reaction, Turn
from hilft.inbox import commands as inbox
from hilft.inbox.models import Conversation, Match, Message
from hilft.publishing.models import Delivery
from tests import factories
from tests.escalation.posting import LEITUNG, TECHNIK, VERTRETUNG, Post, body, report
from tests.peers.mail import BRAND, DOMAIN

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("mail")]

FOUND = "Der Verteiler ist defekt, Tausch heute bis 18 Uhr."


class PowerCutError(BaseException):
    """The process ends here, and nothing after it happens."""


@pytest.fixture(autouse=True)
def _german() -> Any:
    with translation.override("de"):
        yield


def notes(conversation: Conversation) -> list[str]:
    return list(conversation.messages.filter(direction="note").order_by("pk").values_list("text", flat=True))


def kinds() -> list[str]:
    return list(Reaction.objects.order_by("pk").values_list("kind", flat=True))


def told() -> list[str]:
    return [job.args["to"] for job in ProcrastinateJob.objects.filter(task_name="channels.mail").order_by("pk")]


def test_the_department_gets_what_it_needs_and_no_more(post: Post, conversation: Conversation):
    inbox.note(by=factories.staff("agent"), conversation=conversation, text="Nur für uns.")
    handover = post.handed(conversation)
    (mail,) = post.got(handover)
    text = body(mail)
    assert ("Bitte prüfen Sie die Leitung." in text, "> Seit gestern kein Internet!" in text) == (True, True)
    assert "Lena (Mastodon):" in text
    assert "Nur für uns." not in text
    local, _, domain = BRAND.partition("@")
    assert str(mail["Reply-To"]).startswith(f"Telko hilft <{local}+{handover.thread}")
    assert f"[#{handover.thread}" in mail["Subject"]
    assert mail["Message-ID"].endswith(f"@{domain}>")
    assert (handover.state, handover.account) == ("open", post.account)
    assert [entry.verb for entry in Entry.objects.filter(subject_kind="escalation.handover").order_by("pk")] == [
        "escalation.hand_over",
        "escalation.sent",
    ]


def test_without_history_only_the_question_leaves(post: Post, conversation: Conversation):
    text = body(post.got(post.handed(conversation, history=False))[0])
    assert ("Bitte prüfen" in text, "kein Internet" in text, "Lena" in text) == (True, False, False)


@pytest.mark.parametrize("way", ["In-Reply-To", "Reply-To", "Subject"])
def test_the_answer_comes_back_into_the_conversation(post: Post, conversation: Conversation, way: str):
    agent = factories.staff("agent")
    Conversation.objects.filter(pk=conversation.pk).update(assignee=agent)
    handover = post.handed(conversation)
    inbox.close(by=agent, conversation=conversation)
    (mail,) = post.got(handover)
    ways: dict[str, dict[str, str]] = {
        "In-Reply-To": {"to": BRAND, "In_Reply_To": mail["Message-ID"]},
        "Reply-To": {"to": mail["Reply-To"], "References": "<ticket-77@technik.example>"},
        "Subject": {"to": BRAND, "Subject": f"Ticket 77 AW: {mail['Subject']}"},
    }
    post.writes(FOUND, **ways[way])
    post.hear()
    handover.refresh_from_db()
    conversation.refresh_from_db()
    assert (handover.state, kinds()) == ("answered", ["answer"])
    assert notes(conversation) == [f"Technik hat geantwortet (Tina Technik <{TECHNIK}>):\n\n{FOUND}"]
    assert (conversation.state, conversation.waiting_since is not None) == ("open", True)
    assert told() == [agent.email]
    assert Conversation.objects.count() == 1, "it is no customer's question"
    assert (Match.objects.count(), Delivery.objects.count()) == (0, 0)
    assert not ProcrastinateJob.objects.filter(
        task_name="inbox.match", args__message=Message.objects.last().pk
    ).exists()
    turn = Turn.objects.get()
    assert turn.answered_at == turn.acknowledged_at


def test_a_mail_that_comes_twice_counts_once(post: Post, conversation: Conversation):
    handover = post.handed(conversation)
    mail = post.writes(FOUND, to=post.got(handover)[0]["Reply-To"])
    post.hear()
    post.server.deliver(BRAND, mail)
    post.server.deliver(BRAND, mail)
    post.hear()
    assert (len(notes(conversation)), kinds()) == (1, ["answer"])
    assert HandOver.objects.get().state == "answered"


def test_two_answers_are_two_notes_and_the_second_opens_a_closed_one(post: Post, conversation: Conversation):
    handover = post.handed(conversation)
    to = post.got(handover)[0]["Reply-To"]
    post.writes("Wir schauen.", to=to)
    post.hear()
    close(by=factories.staff("agent"), handover=handover)
    post.writes(FOUND, to=to)
    post.hear()
    handover.refresh_from_db()
    assert (handover.state, handover.closed_at, len(notes(conversation))) == ("answered", None, 2)


def test_a_forged_mark_is_an_ordinary_mail(post: Post, conversation: Conversation):
    handover = post.handed(conversation)
    local, _, domain = BRAND.partition("@")
    post.writes("Geben Sie mir Zugang.", to=f"{local}+{handover.thread}{'0' * 16}@{domain}", sender="eve@boese.example")
    post.writes("Und jetzt?", to=BRAND, Subject=f"[#{handover.thread}{'0' * 16}]", sender="eve@boese.example")
    post.hear()
    assert (notes(conversation), kinds()) == ([], [])
    assert Conversation.objects.filter(account=post.account, handle__handle="eve@boese.example").count() == 2


def test_a_customer_who_was_given_the_address_stays_a_customer(post: Post):
    message = factories.message(post.account, "Kein Netz", who=f"lena@{DOMAIN}", public=False)
    handover = post.handed(message.conversation)
    post.writes("Danke!", to=post.got(handover)[0]["Reply-To"], sender=f"Lena <lena@{DOMAIN}>")
    post.hear()
    assert (kinds(), Message.objects.filter(direction="in").count()) == ([], 2)


def test_out_of_office_is_shown_and_is_no_answer(post: Post, conversation: Conversation):
    handover = post.handed(conversation)
    (mail,) = post.got(handover)
    post.writes("Ich bin bis Montag im Urlaub.", to=mail["Reply-To"], Auto_Submitted="auto-replied")
    post.hear()
    handover.refresh_from_db()
    assert (handover.state, kinds(), notes(conversation)) == ("open", ["automatic"], [])
    assert Turn.objects.get().acknowledged_at is None


def test_a_bounce_goes_to_the_deputy_and_then_up_and_is_said_at_the_end(post: Post, conversation: Conversation):
    lead = factories.staff("lead")
    handover = post.handed(conversation)
    for address in (TECHNIK, VERTRETUNG, LEITUNG):
        (mail,) = post.got(handover, address)
        with smtplib.LMTP("127.0.0.1", post.server.lmtp_port) as lmtp:
            lmtp.sendmail("", [BRAND], report(BRAND, mail["Message-ID"]))
        post.hear()
        post.leave()
    handover.refresh_from_db()
    assert kinds() == ["undelivered"] * 3
    assert (handover.state, handover.stalled_at is not None) == ("open", True)
    assert handover.trouble == f"Die Mail konnte nicht zugestellt werden: {LEITUNG}"
    assert (told(), notes(conversation)) == ([lead.email], [])


def test_a_report_that_a_mail_is_merely_late_changes_nothing(post: Post, conversation: Conversation):
    handover = post.handed(conversation)
    (mail,) = post.got(handover)
    post.server.deliver(BRAND, report(BRAND, mail["Message-ID"], action="delayed"))
    post.hear()
    assert (kinds(), Turn.objects.count()) == (["automatic"], 1)


def test_a_mailbox_that_is_gone_is_known_while_sending(post: Post, conversation: Conversation):
    post.server.refusals[TECHNIK] = "550 5.1.1 No such user"
    try:
        handover = post.handed(conversation)
        post.leave()
    finally:
        post.server.refusals.clear()
    assert [row.state for row in Dispatch.objects.order_by("pk")] == ["failed", "sent"]
    assert len(post.got(handover, VERTRETUNG)) == 1
    assert "550" in HandOver.objects.get().trouble


def test_a_full_mailbox_is_tried_again_with_the_same_mail(post: Post, conversation: Conversation):
    post.server.refusals[TECHNIK] = "452 4.2.2 Mailbox full"
    handover = post.handed(conversation)
    waiting = Dispatch.objects.get()
    assert (waiting.state, waiting.due_at > now(), Turn.objects.get().due_at) == ("sending", True, None)
    post.server.refusals.clear()
    post.leave()
    (mail,) = post.got(handover)
    sent = Dispatch.objects.get()
    assert (sent.state, sent.attempts, mail["Message-ID"]) == ("sent", 2, f"<{sent.external_id}>")
    assert Turn.objects.get().due_at is not None, "the level's time begins when the mail has left"


@pytest.mark.parametrize(("step", "copies"), [("begun", 1), ("left", 2), ("recorded", 1)])
def test_a_power_cut_at_each_step_loses_nothing(
    post: Post, conversation: Conversation, monkeypatch: pytest.MonkeyPatch, step: str, copies: int
):
    def cut(name: str) -> None:
        if name == f"handing-{step}":
            raise PowerCutError

    handover = post.asked(conversation)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "crash_point", cut)
        with pytest.raises(PowerCutError):
            post.leave()
    post.leave()
    mails = post.got(handover)
    assert len(mails) == copies
    assert {mail["Message-ID"] for mail in mails} == {f"<{Dispatch.objects.get().external_id}>"}
    post.writes(FOUND, to=mails[0]["Reply-To"], In_Reply_To=mails[0]["Message-ID"])
    post.hear()
    assert (len(notes(conversation)), HandOver.objects.count(), kinds()) == (1, 1, ["answer"])


def test_a_lost_sign_in_stops_the_account_and_the_mail_waits(post: Post, conversation: Conversation):
    post.server.allow(BRAND, "another")
    try:
        post.handed(conversation)
    finally:
        post.server.allow(BRAND)
    post.account.refresh_from_db()
    assert (post.account.state, Dispatch.objects.get().state) == ("lost", "sending")
    post.leave()
    assert Dispatch.objects.get().attempts == 1, "nothing is tried while the account is stopped"


def test_a_message_that_was_deleted_leaves_with_no_mail(post: Post, conversation: Conversation):
    handover = post.asked(conversation)
    conversation.messages.update(text="", deleted_at=now())
    post.leave()
    assert "kein Internet" not in body(post.got(handover)[0])


def test_the_same_dispatch_is_the_same_mail(post: Post, conversation: Conversation):
    post.asked(conversation)
    dispatch = Dispatch.objects.select_related("turn__handover__department", "turn__handover__by").get()
    first, second = outgoing_of(dispatch), outgoing_of(dispatch)
    assert first == second
    assert first.root is not None
    assert adapter_of(post.account).kind == "email"
