"""The X adapter against the practice network: the whole contract, as far as X lets it be kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from hilft.channels.contract import (
    AuthLost,
    Can,
    Correct,
    Event,
    Health,
    Kind,
    Limits,
    Refused,
    RetryLater,
    Standing,
    Unknown,
)
from hilft.channels.ledger import packaged
from hilft.channels.x import timeline
from hilft.channels.x.adapter import Adapter
from tests.channels.contract_suite import ContractSuite, PublicReplies
from tests.channels.world import events, eventually, polled, reply, words
from tests.channels.x.world import TWO, XWorld


class TestContract(ContractSuite, PublicReplies):
    """X keeps what a channel without edits of replies can keep."""

    def test_two_replies_with_the_same_words_are_two_posts(self, world: XWorld) -> None:  # type: ignore[override]
        """X refuses the same words twice: what was begun in the same seconds is one post, anything later is refused."""
        text, answer = words("Gleicher Text?"), words("Gleicher Text.")
        world.ask(text)
        _, question = polled(world, text)
        refs = {world.adapter.publish(reply(question, answer)).ref.id for _ in range(2)}
        assert len(refs) == 1
        assert world.ours(answer) == 1


def asked(world: XWorld, text: str, who: str = "lena") -> Event:
    text = words(text)
    world.ask(text, who)
    return polled(world, text)[1]


def told(world: XWorld, cursor: str, adapter: Adapter | None = None) -> list[Event]:
    """Everything after a cursor."""
    adapter = adapter or world.brand
    return [event for _, event in events(adapter, adapter.poll(cursor)[0])]


def test_what_x_can_and_cannot(world: XWorld) -> None:
    adapter = world.brand
    assert adapter.can() == Can.POLL | Can.STREAM | Can.REPLY | Can.PRIVATE | Can.DELETE | Can.HIDE | Can.WEBHOOK
    assert (adapter.correction, adapter.idempotent) == (Correct.VISIBLE_REPLY, False)
    assert adapter.limits(public=True) == Limits(280, "weighted280", url=23)
    assert adapter.limits(public=False) == Limits(10_000, "codepoint")
    assert adapter.prefix(None, public=True) == ""


def test_the_customer_edits_their_post(world: XWorld) -> None:
    text, later = words("Ursprünglich"), words("Geändert")
    world.ask(text)
    raw, question = polled(world, text)
    world.rewrite(question.ref, later)
    news = eventually(lambda: world.adapter.refresh([question.ref]))
    (event,) = world.adapter.parse(news[0].body)
    assert (event.kind, event.text, event.ref.id) == (Kind.EDITED, later, question.ref.id)
    assert news[0].key != raw.key
    assert world.adapter.refresh([event.ref]) == []
    assert polled(world, later)[1] == event
    assert world.twin().refresh([question.ref])[0].key == news[0].key


def test_a_correction_is_a_visible_reply_below_ours(world: XWorld) -> None:
    question = asked(world, "Was kostet es?")
    sent = world.brand.publish(reply(question, words("Es kostet 5 Euro.")))
    with pytest.raises(Refused):
        world.brand.edit(sent.ref, reply(question, "Es kostet 6 Euro."))
    correction = words("Korrektur: Es kostet 6 Euro.")
    corrected = world.brand.publish(reply(question, correction, parent=sent.ref))
    _, echo = polled(world, correction)
    assert echo.parent is not None
    assert (echo.parent.id, echo.ref.id, echo.thread) == (sent.ref.id, corrected.ref.id, question.thread)


def test_a_lost_answer_is_found_whatever_x_did_to_it(world: XWorld) -> None:
    question = asked(world, "Und mit Link?", "mehmet")
    text = words("A\u0308hnlich <hier> & da: beispiel.example/hilfe und https://a.example/b?x=1&y=2 ")
    outgoing = reply(question, text)
    world.x.faults(timeout_after={"amount": 0.1, "only": "POST /2/tweets", "times": 1})
    with pytest.raises(Unknown):
        world.brand.publish(outgoing)
    found = world.brand.lookup(outgoing)
    assert found is not None
    assert world.brand.publish(outgoing).ref == found.ref
    other = reply(asked(world, "Andere Frage"), text, begun_at=outgoing.begun_at)
    with pytest.raises(RetryLater):
        world.brand.lookup(other)


def test_the_same_words_later_are_refused_and_say_so(world: XWorld) -> None:
    question, answer = asked(world, "Noch einmal?"), words("Immer dasselbe.")
    world.brand.publish(reply(question, answer))
    later = datetime.now(UTC) + timedelta(minutes=1)
    with pytest.raises(Refused, match="change the text"):
        world.brand.publish(reply(question, answer, begun_at=later))


def test_the_absence_of_a_fresh_post_proves_nothing(world: XWorld) -> None:
    question, text = asked(world, "Gerade eben"), words("Nie gesendet")
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    with pytest.raises(RetryLater) as later:
        world.brand.lookup(reply(question, text))
    assert timedelta() < later.value.after <= timedelta(seconds=10)
    with pytest.raises(RetryLater):
        world.brand.lookup(reply(question, text, begun_at=an_hour_ago, left_at=datetime.now(UTC)))
    assert world.brand.lookup(reply(question, text, begun_at=an_hour_ago, left_at=an_hour_ago)) is None


def test_replies_to_us_can_be_hidden_and_shown(world: XWorld) -> None:
    ours = world.x.user("POST", "/2/tweets", {"text": words("Wir informieren.")}).json()["data"]
    text = words("Pöbelei")
    world.x.says("olena_k", f"@nordnetz {text}", reply_to=ours["id"])
    _, event = polled(world, text)
    world.brand.hide(event.ref, hidden=True)
    world.brand.hide(event.ref, hidden=True)
    assert [post["hidden"] for post in world.x.practice("GET", "posts")["posts"] if post["id"] == event.ref.id] == [
        True
    ]
    world.brand.hide(event.ref, hidden=False)
    with pytest.raises(Refused):
        world.brand.hide(asked(world, "In meinem Faden").ref, hidden=True)


def test_somebody_who_did_not_speak_to_us_is_found_but_not_answered(world: XWorld) -> None:
    term = f"Stoerung{uuid4().hex[:6]}"
    adapter = world.made(terms=f"{term} lang:de\n")
    start = adapter.poll("")[1]
    world.x.says("yusuf_d", f"Schon wieder {term}, danke @NordNetz!")
    world.x.says("olena_k", f"Überall {term}.")
    found = {event.text: event for event in told(world, start, adapter)}
    spoken, overheard = found[f"Schon wieder {term}, danke @NordNetz!"], found[f"Überall {term}."]
    assert (spoken.addressed, overheard.addressed) == (True, False)
    standing = Standing(addressed=overheard.addressed)
    assert not adapter.allowed("reply", overheard.ref, standing).ok
    with pytest.raises(Refused, match="not been mentioned"):
        adapter.publish(reply(overheard, "Dürfen wir?"))


def test_a_quote_of_ours_speaks_to_us(world: XWorld) -> None:
    term = f"Zitat{uuid4().hex[:6]}"
    adapter = world.made(terms=[term])
    start = adapter.poll("")[1]
    ours = world.x.user("POST", "/2/tweets", {"text": words("Zum Zitieren.")}).json()["data"]
    world.x.says("yusuf_d", f"{term} ist nicht wahr", quote=ours["id"])
    (event,) = [event for event in told(world, start, adapter) if term in event.text]
    assert event.addressed


def test_only_our_handle_in_front_is_taken_from_the_text(world: XWorld) -> None:
    mark = words("Wer hilft?")
    world.x.says("olena_k", f"@yusuf_d @NordNetz @katja_brandt {mark} @nordnetz?")
    _, event = polled(world, mark)
    assert event.text == f"@yusuf_d @katja_brandt {mark} @nordnetz?"


def test_signs_and_links_are_what_the_author_wrote(world: XWorld) -> None:
    mark = words("Zeile")
    world.ask(f"{mark} <eins> & zwei &amp; drei\nhttps://hilfe.example/a?b=1&c=2")
    _, event = polled(world, mark)
    assert event.text == f"{mark} <eins> & zwei &amp; drei\nhttps://hilfe.example/a?b=1&c=2"
    assert event.url == f"https://x.com/olena_k/status/{event.ref.id}"


def test_all_pages_of_a_long_outage_are_filled_in_order(world: XWorld) -> None:
    adapter = world.made(fact_limit__page=5)
    _, cursor = adapter.poll("")
    texts = [words(f"Nummer {number}") for number in range(12)]
    for text in texts:
        world.ask(text)
    raws, after = adapter.poll(cursor)
    assert [adapter.parse(raw.body)[0].text for raw in raws] == texts
    assert adapter.poll(after)[0] == []


def test_a_gap_longer_than_one_look_goes_on_with_the_next(world: XWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "PAGES", 2)
    adapter = world.made(fact_limit__page=5, messages=False)
    _, cursor = adapter.poll("")
    texts = [words(f"Lücke {number}") for number in range(17)]
    for text in texts:
        world.ask(text)
    seen: list[str] = []
    for _ in range(3):
        raws, cursor = adapter.poll(cursor)
        seen += [adapter.parse(raw.body)[0].text for raw in raws]
    assert sorted(seen) == sorted(texts)
    world.ask(last := words("Danach"))
    assert [adapter.parse(raw.body)[0].text for raw in adapter.poll(cursor)[0]] == [last]


def test_an_account_that_never_heard_anything_fills_its_first_gap(alone: XWorld) -> None:
    assert alone.brand.poll("")[0] == []
    for number in range(3):
        alone.ask(f"Erste {number}")
    alone.write_privately("Und privat.")
    expected = ["Erste 0", "Erste 1", "Erste 2", "Und privat."]
    assert [event.text for event in told(alone, alone.start)] == expected


def test_without_a_setting_the_account_is_asked_for_once(world: XWorld) -> None:
    adapter = world.made(user_id="")
    adapter.poll(world.start)
    adapter.poll(world.start)
    assert adapter.spent()["price.read_user"] == 1


def test_oauth_2_works_renews_itself_and_hands_on_the_new_secrets(world: XWorld) -> None:
    world.x.practice("POST", "tokens")
    adapter = world.made(secrets=TWO)
    assert adapter.check() == Health(ok=True, message="@nordnetz")
    assert adapter.renewed() == {}
    world.x.clock(7201)
    assert adapter.check().ok
    changed = adapter.renewed()
    assert changed.keys() == {"user_token", "refresh_token"}
    assert changed["refresh_token"] != TWO["refresh_token"]
    assert adapter.renewed() == {}
    assert world.made(secrets=TWO | dict(changed)).check().ok
    stale = world.made(secrets=TWO)
    assert not stale.check().ok
    with pytest.raises(AuthLost):
        stale.poll(world.start)
    world.x.practice("POST", "tokens")


def test_the_bill_is_what_we_counted(alone: XWorld) -> None:
    question = asked(alone, "Was kostet das?")
    alone.brand.publish(reply(question, words("Ohne Link.")))
    sent = alone.brand.publish(reply(question, words("Mit https://a.example")))
    alone.brand.publish(reply(question, words("Privat."), public=False))
    alone.write_privately(words("Auch privat."))
    alone.brand.poll(alone.start)
    alone.brand.poll(alone.start)
    alone.brand.refresh([question.ref])
    alone.brand.delete(sent.ref)
    alone.brand.check()
    spent, bill = alone.brand.spent(), alone.bill()
    names = {
        "own_read": spent["price.read_own_mention"] + spent["price.read_own_post"],
        "dm_read": spent["price.read_dm"],
        "post_read": spent["price.read_post"],
        "post_create": spent["price.post"],
        "post_create_with_url": spent["price.post_with_url"],
        "dm_create": spent["price.dm"],
        "post_delete": spent["price.delete"],
        "user_read": spent["price.read_user"],
    }
    assert names == bill["calls"]
    prices = packaged("x")
    assert sum(Decimal(str(prices[name])) * times for name, times in spent.items()) == Decimal(str(bill["usd"]))
    assert alone.brand.spent() == {}
