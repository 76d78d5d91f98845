"""Mails are fetched from a mailbox once, and seen only when they are stored."""

from __future__ import annotations

import threading

from tests.channels.email.world import MailWorld, asked
from tests.channels.world import words
from tests.peers.mail import BRAND, question


def test_another_uidvalidity_means_everything_again_with_the_same_keys(world: MailWorld) -> None:
    for number in range(3):
        asked(world, f"Nummer {number}")
    before, cursor = world.adapter.poll("")
    world.server.renumber(BRAND)
    after, again = world.adapter.poll(cursor)
    assert {raw.key for raw in after} == {raw.key for raw in before}
    assert again.split(":")[0] != cursor.split(":")[0]
    assert world.adapter.poll(again) == ([], again)


def test_a_mail_is_seen_only_once_it_is_stored(world: MailWorld) -> None:
    text = words("Ungesehen")
    world.ask(text)
    listening = world.twin().listen(world.start, threading.Event())
    raws, _ = next(batch for batch in listening if batch[0])
    assert text.encode() in raws[0].body
    assert not [mail for mail in world.server.seen(BRAND) if text.encode() in mail]
    world.ask("Die nächste")
    next(listening)
    assert [mail for mail in world.server.seen(BRAND) if text.encode() in mail]
    listening.close()  # type: ignore[attr-defined]


def test_polling_leaves_mails_unseen(world: MailWorld) -> None:
    first = asked(world, "Nur geschaut")
    assert not [mail for mail in world.server.seen(BRAND) if first.text.encode() in mail]


def test_one_damaged_mail_does_not_block_the_mailbox(world: MailWorld) -> None:
    world.server.deliver(BRAND, b"this is not a mail \xff\xfe\r\n\r\n\x00\x01")
    first = asked(world, "Danach")
    assert first.text


def test_the_same_mail_twice_has_one_key(world: MailWorld) -> None:
    text = words("Zweimal")
    mail = question(text)
    world.server.deliver(BRAND, mail)
    world.server.deliver(BRAND, mail)
    raws, _ = world.adapter.poll(world.start)
    assert len({raw.key for raw in raws if text.encode() in raw.body}) == 1
