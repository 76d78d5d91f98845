"""Power cuts at every step of a delivery and of a correction: one reply, corrected once, and nothing for a person."""

import smtplib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest

from hilft.cli.supervisor import CALM
from hilft.practice.accounts import names
from tests.installation import BRAND_MAIL, Installation, nothing_is_about_meaning, running, until
from tests.integration.desk import Agent, Approver, Editor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("installation")]

VICTIMS = ("worker", "postgres")
"""Who has the delivery in hand, and what remembers it: ended at every point."""

EVERYBODY = (*VICTIMS, "web", "live")
"""Ended where a reply or a correction is at the network."""

DELIVERY = "SELECT id FROM publishing_delivery WHERE conversation_id = %s"
NUMBER = count(1)
QUESTIONS = count(0)


@dataclass
class House:
    """A running installation, its people, and the file that cuts the power."""

    installation: Installation
    wish: Path
    agent: Agent
    editor: Editor
    approver: Approver

    def arm(self, *cuts: tuple[str, str]) -> "Cut":
        """Cuts the power at each point in turn, of the process named beside it.

        The worker ends with the database, too; what ends again and again comes back ever more slowly.
        """
        for name in {"worker", *(victim for _point, victim in cuts)}:
            until(lambda: self.calm(name), f"a calm {name}")  # noqa: B023
        lines = [f"{point} {self.installation.child(victim)}" for point, victim in cuts]
        # By the second cut the worker is another one: it is the one that gets there.
        lines[1:] = [line if victim != "worker" else point for line, (point, victim) in zip(lines, cuts, strict=True)][
            1:
        ]
        before = {victim: self.installation.child(victim) for _point, victim in cuts}
        partial = self.wish.with_suffix(".partial")
        partial.write_text("\n".join(lines))
        partial.replace(self.wish)
        return Cut(self, cuts, before, self.restarts())

    def calm(self, name: str) -> bool:
        """Whether a process runs well, so that its next end counts as the first."""
        (child,) = [child for child in self.installation.status["children"] if child["name"] == name]
        return bool(child["pid"]) and time.monotonic() - child["since"] > CALM + 0.2

    def restarts(self) -> dict[str, int]:
        """How often each process came back so far."""
        return {child["name"]: child["restarts"] for child in self.installation.status["children"]}

    def question(self) -> int:
        """A hosted question that no other test uses."""
        sql = "SELECT id FROM knowledge_question ORDER BY id OFFSET %s LIMIT 1"
        ((pk,),) = self.installation.query(sql, next(QUESTIONS))
        return int(pk)

    def asked(self, number: int) -> list["Asked"]:
        """As many customers ask something; returns their posts with the conversations they became."""
        people = list(names())
        posts = []
        for _ in range(number):
            who = people[next(NUMBER) % len(people)]
            post = self.installation.post(who, f"@nordnetz Wie lange dauert das noch? {next(NUMBER)}")
            posts.append(str(post["id"]))
        sql = "SELECT external_id, conversation_id FROM inbox_message WHERE external_id = ANY(%s)"
        rows = until(
            lambda: (found := self.installation.query(sql, posts)) and len(found) == number and found, "conversations"
        )
        found = dict(rows or [])
        return [Asked(post, found[post]) for post in posts]

    def answer(self, asked: "Asked", question: int) -> None:
        self.agent.send(asked.conversation, self.agent.prepare(asked.conversation, question))

    def correct(self, question: int, text: str) -> int:
        """A new version, its batch submitted and released."""
        batch = self.editor.publish(question, text)
        self.approver.release(batch, self.approver.digest(batch))
        return batch

    def delivered(self, asked: "Asked") -> None:
        """Waits until the reply stands; asserts that it is the only one, here and at the network."""
        sql = "SELECT state FROM publishing_delivery WHERE conversation_id = %s AND action = 'publish'"
        until(lambda: self.installation.query(sql, asked.conversation) == [("delivered",)], f"{asked} delivered")
        sql = "SELECT state FROM publishing_placement WHERE conversation_id = %s"
        assert self.installation.query(sql, asked.conversation) == [("current",)]
        assert len(self.installation.replies(asked.post)) == 1
        sql = "SELECT count(*) FROM inbox_message WHERE conversation_id = %s AND direction = 'out'"
        assert self.installation.query(sql, asked.conversation) == [(1,)]

    def corrected(self, batch: int, text: str, *replies: "Asked") -> None:
        """Waits until the batch is done; asserts that each reply says the new text, once."""
        sql = "SELECT state FROM publishing_correction WHERE id = %s"
        until(lambda: self.installation.query(sql, batch) == [("done",)], f"batch {batch} done")
        sql = "SELECT DISTINCT state FROM publishing_correctionitem WHERE correction_id = %s"
        assert self.installation.query(sql, batch) == [("done",)]
        for asked in replies:
            (reply,) = self.installation.replies(asked.post)
            assert reply["content"].count(text) == 1
            sql = "SELECT text, state FROM publishing_placement WHERE conversation_id = %s"
            assert self.installation.query(sql, asked.conversation) == [(text, "current")]

    def nothing_for_a_person(self) -> None:
        for table in ("publishing_delivery", "publishing_correctionitem", "publishing_placement"):
            assert self.installation.query(f"SELECT count(*) FROM {table} WHERE state = 'person'") == [(0,)]


@dataclass
class Asked:
    """A customer's post and the conversation it became."""

    post: str
    conversation: int


@dataclass
class Cut:
    """Power cuts to come."""

    house: House
    cuts: tuple[tuple[str, str], ...]
    pids: dict[str, int]
    restarts: dict[str, int]

    def happened(self) -> None:
        """Waits until each point was reached, its process is gone, and another one is in its place."""
        until(lambda: not self.house.wish.exists(), f"the power cuts {self.cuts}")
        for victim, pid in self.pids.items():
            until(lambda: self.house.installation.child(victim) != pid, f"another {victim}")  # noqa: B023
        times = Counter(victim for _point, victim in self.cuts)
        until(
            lambda: all(self.house.restarts()[name] - self.restarts[name] >= n for name, n in times.items()),
            f"as many restarts as power cuts: {times}",
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    wish = tmp_path_factory.mktemp("power") / "cut"
    with running(environment={"HILFT_CRASH_FILE": str(wish)}) as installation:
        installation.query("UPDATE people_user SET undo_seconds = 0 RETURNING 1")
        nothing_is_about_meaning(installation)
        people = Agent(installation), Editor(installation), Approver(installation)
        yield House(installation, wish, *people)
        for person in people:
            person.client.close()


@pytest.mark.parametrize("point", ["submitted", "begun", "looked", "published", "recorded"])
def test_a_reply_survives_the_end_of_each_process_at(point: str, house: House) -> None:
    victims = EVERYBODY if point == "begun" else VICTIMS
    question, asked = house.question(), house.asked(len(victims))
    for one, victim in zip(asked, victims, strict=True):
        form = house.agent.prepare(one.conversation, question)
        cut = house.arm((point, victim))
        house.agent.send(one.conversation, form)
        cut.happened()
        house.delivered(one)
    text = f"Neu seit heute ({point}): Es dauert 24 Stunden."
    house.corrected(house.correct(question, text), text, *asked)
    house.nothing_for_a_person()


@pytest.mark.parametrize(
    ("first", "second", "victims"), [("begun", "looked", VICTIMS), ("published", "begun", ["worker"])]
)
def test_a_reply_survives_two_power_cuts(first: str, second: str, victims: Sequence[str], house: House) -> None:
    question, asked = house.question(), house.asked(len(victims))
    for one, victim in zip(asked, victims, strict=True):
        form = house.agent.prepare(one.conversation, question)
        cut = house.arm((first, "worker"), (second, victim))
        house.agent.send(one.conversation, form)
        cut.happened()
        house.delivered(one)
    house.nothing_for_a_person()


@pytest.mark.parametrize("victim", ["worker", "postgres"])
def test_a_mail_whose_sending_was_cut_off_is_sent_once_or_is_for_a_person(victim: str, house: House) -> None:
    address = f"kunde{next(NUMBER)}@post.example"
    with smtplib.SMTP("127.0.0.1", house.installation.smtp) as server:
        server.send_message(mail_from(address))
    sql = "SELECT c.id FROM inbox_conversation c JOIN people_handle h ON h.id = c.handle_id WHERE h.external_id = %s"
    ((conversation,),) = until(lambda: house.installation.query(sql, address), "the mail's conversation")
    form = house.agent.prepare(conversation, house.question())
    cut = house.arm(("published", victim))
    house.agent.send(conversation, form)
    cut.happened()
    sql = "SELECT state FROM publishing_delivery WHERE conversation_id = %s"
    settled = ("person",), ("delivered",)
    ((state,),) = until(
        lambda: (found := house.installation.query(sql, conversation)) and found[0] in settled and found, "a decision"
    )
    assert len(house.installation.mails(address)) == 1
    if state == "person":
        # What only a person can tell, a person tells; the other tests want an empty list.
        settle = f"/desk/zustellung/{house.installation.query(DELIVERY, conversation)[0][0]}/abschluss/"
        house.agent.post(settle, remark="Die Mail ist angekommen.")
        assert len(house.installation.mails(address)) == 1
    house.nothing_for_a_person()


@pytest.mark.parametrize("point", ["approved", "item-queued", "begun", "published", "recorded"])
def test_a_correction_survives_the_end_of_each_process_at(point: str, house: House) -> None:
    question, (asked,) = house.question(), house.asked(1)
    house.answer(asked, question)
    house.delivered(asked)
    for number, victim in enumerate(EVERYBODY if point == "begun" else VICTIMS):
        text = f"Neu ({point}, {number}): Es dauert {24 - number} Stunden."
        batch = house.editor.publish(question, text)
        digest = house.approver.digest(batch)
        cut = house.arm((point, victim))
        house.approver.release(batch, digest)
        cut.happened()
        house.corrected(batch, text, asked)
    house.nothing_for_a_person()


def mail_from(address: str) -> EmailMessage:
    """A customer's plain mail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address, BRAND_MAIL, "Router"
    mail["Message-ID"] = f"<{address}>"
    mail.set_content("Wie lange dauert das noch?")
    return mail
