"""What happens when a department lets its time pass: one reminder, then deputy and next level, then people here."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.escalation.commands.handovers import acknowledge, chase, close, hand_over, pass_on
from hilft.escalation.commands.reactions import write_down
from hilft.escalation.commands.settings import delete_level, save_department, save_level, save_schedule
from hilft.escalation.models import Department, Dispatch, HandOver, Turn
from hilft.inbox.models import Conversation
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from tests import factories
from tests.escalation.posting import LEITUNG, TECHNIK, VERTRETUNG, Post, body
from tests.peers.mail import BRAND

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("mail")]
STEP = timedelta(minutes=61)


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    with translation.override("de"):
        yield


def asked() -> list[tuple[str, str]]:
    return list(Dispatch.objects.order_by("pk").values_list("to", "kind"))


def later(post: Post, moment: time_machine.Traveller) -> int:
    """An hour and a minute pass; then the clockwork runs, and what it sends leaves."""
    moment.shift(STEP)
    done = chase()
    post.leave()
    return done


def test_a_mail_that_is_lost_is_reminded_once_and_goes_up_until_people_here_are_told(
    post: Post, conversation: Conversation
):
    lead = factories.staff("lead")
    handover = post.handed(conversation)
    with time_machine.travel(now(), tick=False) as moment:
        assert chase() == 0
        assert [later(post, moment) for _ in range(6)] == [1] * 6
        assert chase() == 0, "nobody is left to be reminded"
    assert asked() == [
        (TECHNIK, "ask"),
        (TECHNIK, "remind"),
        (VERTRETUNG, "ask"),
        (VERTRETUNG, "remind"),
        (LEITUNG, "ask"),
        (LEITUNG, "remind"),
    ]
    handover.refresh_from_db()
    assert handover.stalled_at is not None
    assert handover.trouble == f"Keine rechtzeitige Antwort von: {LEITUNG}"
    told = ProcrastinateJob.objects.get(task_name="channels.mail").args
    assert (told["to"], told["subject"]) == (lead.email, "Technik antwortet nicht")
    first, second = post.got(handover)
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["Reply-To"] == first["Reply-To"]
    assert str(second.get_body().get_content()).startswith("Hierzu haben wir noch nichts von Ihnen gehört.")  # type: ignore[union-attr]
    verbs = Entry.objects.filter(subject_kind="escalation.handover").exclude(verb="escalation.sent").order_by("pk")
    assert [verb.partition(".")[2] for verb in verbs.values_list("verb", flat=True)] == [
        "hand_over",
        *("remind", "pass_on", "remind", "pass_on", "remind", "stall"),
    ]


def test_an_answer_after_everything_is_still_an_answer(post: Post, conversation: Conversation):
    factories.staff("lead")
    handover = post.handed(conversation)
    to = post.got(handover)[0]["Reply-To"]
    with time_machine.travel(now(), tick=False) as moment:
        for _ in range(6):
            later(post, moment)
    post.writes("Erledigt.", to=to)
    post.hear()
    handover.refresh_from_db()
    assert (handover.state, handover.stalled_at, handover.trouble) == ("answered", None, "")


def test_taken_on_gives_time_for_the_answer(post: Post, conversation: Conversation):
    handover = post.handed(conversation)
    turn = Turn.objects.get()
    acknowledge(by=factories.staff("agent"), handover=handover)
    turn.refresh_from_db()
    assert turn.since is not None
    assert turn.due_at == turn.since + timedelta(minutes=240)
    with pytest.raises(Refusal):
        acknowledge(by=factories.staff("agent"), handover=handover)
    with time_machine.travel(now(), tick=False) as moment:
        assert [later(post, moment) for _ in range(5)] == [0, 0, 0, 1, 1]
    assert [to for to, _ in asked()] == [TECHNIK, TECHNIK, VERTRETUNG]
    assert HandOver.objects.get().state == "open", "the deputy has not taken it on"


def test_one_click_in_the_mail_takes_it_on(post: Post, conversation: Conversation):
    handover = post.handed(conversation)
    path = re.search(r"(/uebergabe/\S+)", body(post.got(handover)[0]))
    assert path
    reader = Client(headers={"accept-language": "de"})
    page = reader.get(path[1]).content.decode()
    assert ("Wir kümmern uns darum" in page, "Internet" in page) == (True, False), "nothing of the matter is shown"
    assert HandOver.objects.get().state == "open", "opening a link changes nothing"
    for _again in range(2):
        assert "Danke" in reader.post(path[1]).content.decode()
    assert HandOver.objects.get().state == "acknowledged"
    assert reader.get(f"{path[1][:-1]}x/").status_code == 403
    close(by=factories.staff("agent"), handover=handover)
    Turn.objects.update(acknowledged_at=None)
    assert "wartet niemand mehr" in reader.post(path[1]).content.decode()


def test_their_hours_count(post: Post, conversation: Conversation):
    week = [[(540, 1020)]] * 5 + [[]] * 2
    schedule = save_schedule(by=None, name="Technik", week=week).schedule
    post.department = post.named("Netzbau", schedule=schedule)
    with time_machine.travel("2026-11-27T16:30+01:00", tick=False):
        post.handed(conversation)
    due = Turn.objects.get().due_at
    assert due is not None
    assert due.isoformat() == "2026-11-30T08:30:00+00:00"


def test_a_person_passes_on_closes_and_writes_down(post: Post, conversation: Conversation):
    agent, editor = factories.staff("agent"), factories.staff("editor")
    handover = post.handed(conversation)
    pass_on(by=agent, handover=handover, why="Urlaub")
    assert asked()[-1] == (VERTRETUNG, "ask")
    with pytest.raises(Refusal):
        write_down(by=agent, handover=handover, text=" ")
    write_down(by=agent, handover=handover, text="Am Telefon: morgen.")
    assert HandOver.objects.get().state == "answered"
    with pytest.raises(Refusal):
        pass_on(by=agent, handover=handover)
    with pytest.raises(NotAllowed):
        close(by=editor, handover=handover)
    close(by=agent, handover=handover)
    assert close(by=agent, handover=handover).state == "closed"
    post.leave()
    assert Dispatch.objects.order_by("-pk")[0].state == "failed", "what is closed does not leave any more"


def test_somebody_inside_is_asked_at_their_own_address(post: Post, conversation: Conversation):
    expert = factories.staff("editor")
    inside = save_department(by=None, name="Produkt", topics=[], reach="inside", account=post.account)
    save_level(by=None, department=inside, name="Fachfrage", owner=expert, address="ignored@else.example")
    post.department = inside
    post.asked(conversation)
    assert asked() == [(expert.email, "ask")]
    User.objects.filter(pk=expert.pk).update(is_active=False)
    with pytest.raises(Refusal):
        post.asked(conversation)


def test_refusals_of_handing_over(post: Post, conversation: Conversation):
    agent, editor = factories.staff("agent"), factories.staff("editor")
    empty = save_department(by=None, name="Leer", topics=[], reach="mail")
    old = post.named("Alt", is_active=False)
    with pytest.raises(NotAllowed):
        hand_over(by=editor, conversation=conversation, department=post.department, asked="Bitte.")
    for department, words in ((post.department, "  "), (empty, "Bitte."), (old, "Bitte.")):
        with pytest.raises(Refusal):
            hand_over(by=agent, conversation=conversation, department=department, asked=words)
    assert HandOver.objects.count() == 0


def test_refusals_of_departments_and_levels(post: Post, conversation: Conversation):
    lead, agent = factories.staff("lead"), factories.staff("agent")
    with pytest.raises(NotAllowed):
        save_department(by=agent, name="Neu", topics=[], reach="mail")
    for fields in ({"name": "Technik"}, {"name": "Neu", "reach": "webhook"}):
        with pytest.raises(Refusal):
            save_department(by=lead, **({"topics": [], "reach": "mail"} | fields))  # type: ignore[arg-type]
    made = save_department(by=lead, name="Neu", topics=["B", "A", "A"], reach="mail")
    assert made.topics == ["A", "B"]
    for level in ({"address": ""}, {"address": BRAND.upper()}, {"address": TECHNIK, "answer_minutes": 0}):
        with pytest.raises(Refusal):
            save_level(by=lead, department=made, name="Eins", **level)  # type: ignore[arg-type]
    inside = save_department(by=lead, name="Innen", topics=[], reach="inside")
    with pytest.raises(Refusal):
        save_level(by=lead, department=inside, name="Eins", address=TECHNIK)
    first, second = Department.objects.get(name="Technik").levels.order_by("number")
    post.asked(conversation)
    with pytest.raises(Refusal):
        delete_level(by=lead, level=first)
    delete_level(by=lead, level=second)
    with pytest.raises(Refusal):
        delete_level(by=lead, level=first)
