"""Practice customers: they post, mail, edit, delete and answer back through the real protocols."""

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from hilft.practice import letter, memory, voice
from hilft.practice.places import Facebook, Heard, Instagram, Mastodon, Place, Said, X
from hilft.practice.repertoire import Customer, Question, chatter, customers, hosted, replies
from hilft.practice.rhythm import BURST_RATE, burst, live, post_now
from hilft.practice.wire import Gone, send_mail

MAILBOX = "kontakt@nordnetz.example"
FLAGSHIP, CHATTER, OPEN = 0.2, 0.2, 0.06  # shares of what is posted; the rest is spread over all questions
MAIL, PRIVATE = 0.22, 0.12
EDIT, DELETE, ANSWER = 0.08, 0.04, 0.5
_SUBJECTS = {
    "de": [
        "{topic}",
        "Frage zu {topic}",
        "Bitte um Hilfe: {topic}",
        "Problem",
        "Frage",
        "Dringend! {topic}",
        "Anfrage",
    ],
    "en": ["{topic}", "Question about {topic}", "Help needed", "Problem with {topic}", "Question"],
}


class Utterance(NamedTuple):
    """Something to say: who, what, and a key by which it is not repeated."""

    customer: Customer
    text: str
    key: str
    subject: str = ""


class Crowd:
    """Decides who says what next; the same seed draws the same sequence."""

    def __init__(self, rng: Random, brand: str, questions: Sequence[Question]) -> None:
        self._rng = rng
        self._brand = brand
        self._people = customers()
        self._questions = questions
        self._flagships = [question for question in self._questions if question.flagship]

    def next(self, said: set[str]) -> Utterance:
        """Somebody says something that is not in `said`, if there is anything left."""
        for _ in range(60):
            drawn = self._draw()
            if drawn is not None and drawn.key not in said:
                return drawn
        return drawn or self._open()

    def _draw(self) -> Utterance | None:
        lot = self._rng.random()
        if lot < FLAGSHIP:
            return self._ask(self._rng.choice(self._flagships))
        if lot < FLAGSHIP + CHATTER:
            return self._chat()
        if lot < FLAGSHIP + CHATTER + OPEN:
            return self._open()
        return self._ask(self._rng.choice(self._questions))

    def _ask(self, question: Question) -> Utterance | None:
        customer = self._rng.choice(self._people)
        english = customer.language == "en"
        wordings = question.wordings_en if english else question.wordings
        fitting = [
            w for w in wordings if english or customer.form == "none" or voice.form_of(w) in (None, customer.form)
        ]
        if not fitting:
            return None
        wording = self._rng.choice(fitting)
        topic = question.topic_en if english else question.topic
        subject = self._rng.choice(_SUBJECTS[customer.language]).format(topic=topic)
        speaker = voice.Speaker(customer.temperament, customer.form, customer.language)
        key = f"{question.slug}/{wordings.index(wording)}{'e' if english else ''}"
        return Utterance(customer, voice.say(wording, speaker, self._rng), key, subject)

    def _chat(self) -> Utterance:
        number, post = self._rng.choice(list(enumerate(chatter().post)))
        return Utterance(self._someone(post.language), post.text, f"chatter/{number}", "Hallo")

    def _open(self) -> Utterance:
        number, question = self._rng.choice(list(enumerate(chatter().question)))
        return Utterance(self._someone(question.language), question.text, f"open/{number}", "Anfrage")

    def _someone(self, language: str) -> Customer:
        return self._rng.choice([person for person in self._people if person.language == language])


class Driver:
    """Sends what the crowd says, and lets people edit, delete and answer back."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.rng = Random(options.seed)  # noqa: S311 – play, not secrecy
        self.brand: str = options.brand
        self.crowd = Crowd(self.rng, self.brand, hosted(options.questions, Question))
        self.places = {place.name: place for place in _places(options)}
        self.smtp: tuple[str, int] | None = options.smtp
        self.state: Path | None = options.state / "customers.json" if options.state else None
        self.memory = memory.recall(self.state)
        self.stop = asyncio.Event()
        self.run = f"{time.time_ns():x}"

    async def say(self, utterance: Utterance, number: int, *, followed: bool = True) -> dict[str, str]:
        """Send one utterance by post, message or mail and return what was sent; raises Down to be tried again."""
        chat = utterance.key.startswith("chatter/")
        texts = {
            name: place.addressed(utterance.text, self.brand, self.rng, "chat" if chat else "ask")
            for name, place in self.places.items()
        }
        shares = {name: place.share for name, place in self.places.items() if place.fits(texts[name])}
        if self.smtp is not None and not (chat and shares):
            shares["mail"] = MAIL
        if not shares:
            raise Gone("nobody takes a text that long")
        name = self.rng.choices(list(shares), weights=list(shares.values()))[0]
        if name == "mail":
            return await self._mail(utterance)
        return await self._post(name, utterance, texts[name], f"{self.run}-{number}", followed=followed)

    async def _post(self, name: str, utterance: Utterance, text: str, key: str, *, followed: bool) -> dict[str, str]:
        place, customer = self.places[name], utterance.customer
        said = Said(customer.handle, text, customer.language, key)
        private = place.messages and not utterance.key.startswith("chatter/") and self.rng.random() < PRIVATE
        if private:
            said = said._replace(text=voice.unaddressed(utterance.text, self.brand))
        post = await (place.write(said) if private else place.say(said))
        if followed:
            self.memory.listen(customer.handle)
            if not private:
                self._plan_change(place, utterance, post, text)
        return {"channel": name, "id": post, "from": customer.handle, "key": utterance.key, "text": said.text}

    async def _mail(self, utterance: Utterance) -> dict[str, str]:
        assert self.smtp is not None
        customer = utterance.customer
        sender = letter.Sender(customer.name, customer.mail, customer.form, customer.language)
        text = voice.unaddressed(utterance.text, self.brand)
        message = letter.write(text, utterance.subject, sender, MAILBOX, self.rng)
        await send_mail(*self.smtp, message)
        return {
            "channel": "mail",
            "id": message["Message-ID"],
            "from": customer.mail,
            "key": utterance.key,
            "text": text,
        }

    def _plan_change(self, place: Place, utterance: Utterance, post: str, text: str) -> None:
        lot = self.rng.random()
        due = time.time() + self.rng.uniform(40, 90)
        handle = utterance.customer.handle
        if lot < EDIT:
            changed = f"{text} {self.rng.choice(replies().edit_marks[utterance.customer.language])}"
            if place.edits and place.fits(changed):
                self.memory.plans.append(memory.Plan(due, "edit", handle, post, changed, place=place.name))
        elif lot < EDIT + DELETE:
            self.memory.plans.append(memory.Plan(due, "delete", handle, post, place=place.name))

    async def do_due(self) -> None:
        """Carry out the plans whose time has come; what is refused (the post is gone) is dropped."""
        now = time.time()
        for plan in [plan for plan in self.memory.plans if plan.due <= now]:
            with contextlib.suppress(Gone):
                await self._do(plan)
            self.memory.plans.remove(plan)

    async def _do(self, plan: memory.Plan) -> None:
        place = self.places.get(plan.place)
        if place is None:
            return
        if plan.kind == "edit":
            await place.edit(plan.handle, plan.post, plan.text)
        elif plan.kind == "delete":
            await place.delete(plan.handle, plan.post)
        else:
            text = place.addressed(plan.text, self.brand, Random(0), "reply")  # noqa: S311 – play
            await place.answer(Said(plan.handle, text, plan.language, f"reply-{plan.post}"), plan.post)

    async def look_for_replies(self) -> None:
        """People who wrote look for replies; about half of them answer one of ours."""
        languages = {person.handle: person.language for person in customers()}
        for place in self.places.values():
            for reply in await place.heard(self.memory.talking, self.memory.seen):
                if self.rng.random() < ANSWER:
                    self._plan_answer(place, reply, languages.get(reply.to, "de"))

    def _plan_answer(self, place: Place, reply: Heard, language: str) -> None:
        texts = replies()
        kind = self.rng.choices([texts.thanks, texts.follow_up, texts.no_help], weights=[60, 25, 15])[0]
        text = self.rng.choice(kind["en" if language == "en" else "de"])
        due = time.time() + self.rng.uniform(8, 60)
        self.memory.plans.append(memory.Plan(due, "reply", reply.to, reply.post, text, language, place.name))

    def next(self, said: set[str]) -> Utterance:
        """What is said next; nothing of late and nothing in `said`."""
        return self.crowd.next(said | set(self.memory.said))

    def note(self, sent: dict[str, str]) -> None:
        """Remember what was said and print it as one line of JSON."""
        self.memory.remember(sent["key"])
        self.keep()
        sys.stdout.write(json.dumps({"at": time.time(), **sent}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def keep(self) -> None:
        """Write the state."""
        memory.keep(self.memory, self.state)


def _places(options: argparse.Namespace) -> Iterator[Place]:
    if options.mastodon:
        yield Mastodon(options.mastodon)
    if options.x:
        yield X(options.x)
    if options.meta:
        yield Facebook(options.meta)
        yield Instagram(options.meta)


async def run(options: argparse.Namespace) -> int:
    """Do what the command line asks and close everything."""
    driver = Driver(options)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, driver.stop.set)
    try:
        if options.once:
            return await post_now(driver, options.once)
        if options.burst:
            return await burst(driver, options.burst)
        return await live(driver, options.every)
    finally:
        for place in driver.places.values():
            await place.close()


def host_and_port(value: str) -> tuple[str, int]:
    """`HOST:PORT` as its parts."""
    host, _, port = value.rpartition(":")
    return host, int(port)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and let people talk."""
    parser = argparse.ArgumentParser(prog="python -m hilft.practice.customers", description=__doc__)
    parser.add_argument("--mastodon", metavar="URL", help="the practice network")
    parser.add_argument("--x", metavar="URL", help="the practice X")
    parser.add_argument("--meta", metavar="URL", help="the practice Facebook and Instagram")
    parser.add_argument("--smtp", metavar="HOST:PORT", type=host_and_port, help="the practice mail server")
    parser.add_argument("--questions", type=Path, required=True, help="folder of the hosted questions that they ask")
    parser.add_argument("--every", type=float, default=20, help="seconds between two messages, on average")
    parser.add_argument("--once", type=int, metavar="N", help="send N messages and end")
    parser.add_argument("--burst", type=int, metavar="N", help=f"send N messages at {BURST_RATE} per second and end")
    parser.add_argument("--seed", type=int, help="draw the same sequence again")
    parser.add_argument("--brand", default="@nordnetz")
    parser.add_argument("--state", type=Path, help="folder that keeps what was said, so that a restart goes on")
    options = parser.parse_args(arguments)
    if not (options.mastodon or options.x or options.meta or options.smtp):
        parser.error("name at least one of --mastodon, --x, --meta and --smtp")
    return asyncio.run(run(options))


if __name__ == "__main__":
    sys.exit(main())
