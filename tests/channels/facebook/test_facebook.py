"""A Facebook page beyond the contract suite: visitors, mentions, hiding, limits, health."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from hilft.channels.contract import AuthLost, Can, Event, Kind, Outgoing, Ref, Refused, RetryLater, Standing, Unknown
from hilft.channels.facebook.adapter import Adapter
from hilft.channels.graph import told
from hilft.practice.meta import people
from tests.channels.facebook.world import FacebookWorld
from tests.channels.graph.world import KATJA, LENA, private
from tests.channels.world import Heard, reply, words
from tests.practice.conftest import until


def visit(world: FacebookWorld, text: str, *, elsewhere: bool = False) -> str:
    post = world.meta.practice("POST", "posts", **{"as": LENA}, text=text, elsewhere=elsewhere)
    return str(post["id"])


def asked(world: FacebookWorld, text: str) -> Event:
    world.ask(text)
    return world.hear(text)


def test_what_it_can(world: FacebookWorld) -> None:
    assert world.graph.can() == (Can.POLL | Can.REPLY | Can.PRIVATE | Can.EDIT | Can.DELETE | Can.HIDE | Can.WEBHOOK)


def test_a_visitors_post_is_one_conversation_with_all_below_it(world: FacebookWorld) -> None:
    post = visit(world, words("Ich schreibe an die Wand"))
    question = world.hear("Ich schreibe an die Wand")
    assert (question.ref.id, question.thread, question.parent) == (post, post, None)
    sent = world.graph.publish(reply(question, "Wir lesen mit."))
    world.meta.says(LENA, "Und jetzt?", sent.ref.id)
    further = world.hear("Und jetzt?")
    assert (further.thread, further.author) == (post, question.author)
    assert world.hear("Wir lesen mit.").parent == Ref("facebook", "9", post)


def test_each_comment_on_our_post_is_a_conversation_of_its_own(world: FacebookWorld) -> None:
    first, second = asked(world, words("Eins")), asked(world, words("Zwei"))
    assert first.thread != second.thread
    world.meta.says(KATJA, "Bei mir auch", first.ref.id)
    also = world.hear("Bei mir auch")
    assert (also.thread, also.parent, also.root) == (first.thread, Ref("facebook", "9", first.ref.id), first.root)


def test_a_post_elsewhere_that_names_us_is_heard_and_answered(world: FacebookWorld) -> None:
    post = visit(world, "Ach, @nordnetz, schon wieder", elsewhere=True)
    mention = world.hear("schon wieder")
    assert (mention.ref.id, mention.thread, mention.public) == (post, post, True)
    sent = world.graph.publish(reply(mention, "Was ist passiert?"))
    assert world.standing(sent.ref) == "Was ist passiert?"


def test_a_reply_to_a_reply_is_found_again_under_the_first_comment(world: FacebookWorld) -> None:
    question = asked(world, words("Erste"))
    world.meta.says(LENA, "Nachtrag", question.ref.id)
    outgoing = reply(world.hear("Nachtrag"), "Auch dazu eine Antwort.")
    assert world.graph.lookup(outgoing) is None
    sent = world.graph.publish(outgoing)
    found = world.made().lookup(outgoing)
    assert found is not None
    assert (found.ref, found.at, found.url) == (sent.ref, sent.at, sent.url)
    assert sent.url.startswith("https://www.facebook.com/")


def test_pitfall_7_what_a_network_may_change_does_not_hide_an_answer(world: FacebookWorld) -> None:
    question = asked(world, words("Zeichen"))
    outgoing = reply(question, "Grüße\u00a0 an die 👨‍👩‍👧‍👦: 1\u00a0GB")
    world.meta.post(f"{question.ref.id}/comments", message="Gru\u0308ße an die 👨‍👩‍👧‍👦: 1 GB")
    assert world.graph.lookup(outgoing) is not None


def test_an_earlier_answer_with_the_same_words_is_another_one(world: FacebookWorld) -> None:
    question = asked(world, words("Schon einmal?"))
    outgoing = reply(question, "Ja.", begun_at=datetime.now(UTC) + timedelta(minutes=10))
    world.graph.publish(outgoing)
    assert world.graph.lookup(outgoing) is None


def test_hiding_and_showing_twice_is_success(world: FacebookWorld) -> None:
    question = asked(world, words("Schimpfwort"))
    for hidden in (True, True, False, False):
        world.graph.hide(question.ref, hidden=hidden)
        assert world.meta.get(question.ref.id, fields="is_hidden")["is_hidden"] is hidden


def test_more_comments_than_one_page_are_all_read(world: FacebookWorld) -> None:
    first = asked(world, words("Anfang"))
    _, cursor = world.graph.poll(world.start)
    for number in range(60):
        world.meta.says(KATJA, f"Nummer {number}", world.post)
    raws, _ = world.made().poll(cursor)
    texts = [event.text for raw in raws for event in world.graph.parse(raw.body) if event.kind is Kind.CREATED]
    assert [text for text in texts if text != first.text] == [f"Nummer {number}" for number in range(60)]


def test_what_meta_shows_a_minute_late_is_not_missed(world: FacebookWorld) -> None:
    asked(world, words("Pünktlich"))
    _, cursor = world.graph.poll(world.start)
    world.meta.practice("PUT", "clock", seconds=-60)
    world.ask("Verspätet")
    world.meta.practice("PUT", "clock", seconds=0)
    raws, later = world.made().poll(cursor)
    assert "Verspätet" in [event.text for raw in raws for event in world.graph.parse(raw.body)]
    assert later == cursor


@pytest.mark.parametrize("cursor", ["", "{}", "broken", '{"feed": "x"}'])
def test_a_strange_cursor_begins_with_the_recent_past(world: FacebookWorld, cursor: str) -> None:
    world.ask("Neulich")
    raws, _ = world.graph.poll(cursor)
    assert "Neulich" in [event.text for raw in raws for event in world.graph.parse(raw.body)]


def test_the_proof_of_the_apps_secret_is_always_there(world: FacebookWorld) -> None:
    question = asked(world, words("Beweis"))
    world.meta.practice("PUT", "settings", require_proof=True)
    world.graph.poll(world.start)
    sent = world.graph.publish(reply(question, "Bewiesen."))
    world.graph.edit(sent.ref, reply(question, "Besser bewiesen."))
    world.graph.hide(question.ref, hidden=True)
    assert world.graph.check().ok
    assert world.graph.lookup(reply(question, "Besser bewiesen.")) is not None
    world.graph.delete(sent.ref)


def test_a_wrong_app_secret_is_told(world: FacebookWorld) -> None:
    config = world.config()
    adapter = Adapter(type(config)(**{**_fields(config), "secrets": {**config.secrets, "app_secret": "wrong"}}))
    with pytest.raises(AuthLost, match="app secret"):
        adapter.poll("")
    assert not adapter.check().ok
    adapter.close()


def _fields(config: object) -> dict[str, object]:
    return {name: getattr(config, name) for name in config.__struct_fields__}  # type: ignore[attr-defined]


def test_pitfall_4_the_end_of_a_token_is_known_before_it_comes(world: FacebookWorld) -> None:
    token = world.meta.practice("POST", "tokens", expires_in=86_400)
    health = world.made(token=token["access_token"]).check()
    assert health.ok
    assert health.expires_at == datetime.fromtimestamp(token["expires_at"], UTC)
    assert world.graph.check().expires_at is None


def test_pitfall_4_a_token_that_ended_says_so(world: FacebookWorld) -> None:
    token = world.meta.practice("POST", "tokens", expires_in=0.1)["access_token"]
    time.sleep(1.2)
    adapter = world.made(token=token)
    with pytest.raises(AuthLost, match="Session has expired"):
        adapter.poll("")
    assert (adapter.check().ok, "expired" in adapter.check().message) == (False, True)


def test_pitfall_4_connecting_again_fills_the_gap(world: FacebookWorld) -> None:
    token = world.meta.practice("POST", "tokens")["access_token"]
    before = world.made(token=token)
    _, cursor = before.poll(world.start)
    world.meta.practice("PUT", "revocations", token=token)
    world.ask("Während niemand zuhörte")
    with pytest.raises(AuthLost):
        before.poll(cursor)
    raws, _ = world.made().poll(cursor)
    assert "Während niemand zuhörte" in [event.text for raw in raws for event in world.graph.parse(raw.body)]


def test_a_token_without_a_right_is_told(world: FacebookWorld) -> None:
    weaker = world.made(token=world.meta.weaker("pages_read_user_content", "pages_messaging").token)
    health = weaker.check()
    assert (health.ok, health.message) == (
        False,
        "The token lacks rights: pages_messaging, pages_read_user_content. Connect the account again and grant them.",
    )


def test_without_the_right_to_messages_comments_are_still_heard(world: FacebookWorld) -> None:
    weaker = world.made(token=world.meta.weaker("pages_messaging").token)
    world.ask("Hört ihr mich?")
    raws, _ = weaker.poll(world.start)
    assert "Hört ihr mich?" in [event.text for raw in raws for event in weaker.parse(raw.body)]


def test_without_the_right_to_read_the_page_nothing_is_silent(world: FacebookWorld) -> None:
    with pytest.raises(Refused, match="pages_read_engagement"):
        world.made(token=world.meta.weaker("pages_read_engagement").token).poll(world.start)


def test_a_withdrawn_right_never_looks_like_a_deletion(world: FacebookWorld) -> None:
    question = asked(world, words("Noch da"))
    weaker = world.made(token=world.meta.weaker("pages_read_engagement").token)
    assert weaker.refresh([question.ref]) == []


def test_a_deletion_is_believed_only_while_the_page_itself_can_be_read(world: FacebookWorld) -> None:
    question = asked(world, words("Gelöscht?"))
    world.withdraw(question.ref)
    world.meta.practice("PUT", "faults", server_error={"only": f"GET /v26.0/{people.PAGE_ID}$"})
    with pytest.raises(RetryLater):
        world.graph.refresh([question.ref])
    world.meta.practice("DELETE", "faults")
    assert [raw.key for raw in world.graph.refresh([question.ref])] == [f"deleted:{question.ref.id}"]


def test_a_listener_tells_each_thing_once(world: FacebookWorld) -> None:
    listener = Heard(world.made(), world.start)
    try:
        world.ask("Einmal genügt")
        listener.heard("Einmal genügt")
        beats = listener.beats
        until(lambda: listener.beats >= beats + 3, "three more looks")
    finally:
        listener.end()
    keys = [raw.key for raw in listener.raws]
    assert keys == list(dict.fromkeys(keys))
    assert listener.error is None


def test_pitfall_9_a_limit_without_a_header_pauses_for_five_minutes(world: FacebookWorld) -> None:
    question = asked(world, words("Grenze"))
    world.meta.practice("PUT", "faults", rate_limit_bare={"only": "POST .*/comments"})
    with pytest.raises(RetryLater) as later:
        world.graph.publish(reply(question, "Geht nicht."))
    assert timedelta(minutes=4, seconds=50) < later.value.after <= timedelta(minutes=5)
    allowed = world.graph.allowed("reply", question.ref)
    assert (allowed.ok, allowed.reason) == (False, "Facebook asks for a pause. Try again later.")
    assert world.graph.allowed("private", question.ref, Standing(at=question.at)).ok


def test_pitfall_9_a_limit_that_says_when_it_ends_is_believed(world: FacebookWorld) -> None:
    question = asked(world, words("Grenze"))
    world.meta.practice("PUT", "faults", rate_limit={"only": "POST .*/comments"})
    with pytest.raises(RetryLater) as later:
        world.graph.publish(reply(question, "Geht nicht."))
    assert timedelta(seconds=50) < later.value.after <= timedelta(minutes=1)


def test_pitfall_10_reading_stops_before_the_limit_and_answers_still_leave(world: FacebookWorld) -> None:
    question = asked(world, words("Fast voll"))
    world.meta.practice("PUT", "usage", type="pages", percent=96)
    world.graph.poll(world.start)
    sent = world.graph.publish(reply(question, "Trotzdem geantwortet."))
    assert world.standing(sent.ref) == "Trotzdem geantwortet."
    with pytest.raises(RetryLater, match="answers still leave"):
        world.graph.poll(world.start)


def test_one_limit_does_not_stop_the_other(world: FacebookWorld) -> None:
    world.meta.practice("PUT", "usage", type="messenger", percent=100)
    world.ask("Kommentar trotz voller Nachrichten")
    for _ in range(2):
        raws, cursor = world.graph.poll(world.start)
        assert "Kommentar trotz" in str([world.graph.parse(raw.body) for raw in raws])
    assert '"feed"' in cursor


@pytest.mark.parametrize("fault", ["server_error", "timeout_after"])
def test_a_write_without_a_clear_answer_is_unknown(world: FacebookWorld, fault: str) -> None:
    question = asked(world, words("Unklar"))
    world.meta.practice("PUT", "faults", **{fault: {"times": 1, "only": "POST", "amount": 0.0}})
    with pytest.raises(Unknown):
        world.graph.publish(reply(question, "Vielleicht."))
    found = world.graph.lookup(reply(question, "Vielleicht."))
    assert (found is not None) is (fault == "timeout_after")


def test_a_read_without_an_answer_is_tried_later(world: FacebookWorld) -> None:
    world.meta.practice("PUT", "faults", server_error={"only": "GET"})
    with pytest.raises(RetryLater):
        world.graph.poll(world.start)


def test_a_blocked_page_is_refused(world: FacebookWorld) -> None:
    question = asked(world, words("Gesperrt"))
    world.meta.practice("PUT", "settings", blocked=True)
    with pytest.raises(Refused, match="368"):
        world.graph.publish(reply(question, "Hallo?"))


def test_a_public_reply_needs_a_public_question(world: FacebookWorld) -> None:
    letter = Ref("facebook", "9", "m_abc")
    with pytest.raises(Refused, match="public post"):
        world.graph.publish(Outgoing(idempotency="k", text="Hallo", parent=letter))
    for action in ("reply", "edit", "delete", "hide"):
        assert not world.graph.allowed(action, letter).ok
    with pytest.raises(Refused):
        world.graph.delete(letter)
    with pytest.raises(Refused):
        world.graph.hide(letter, hidden=True)
    with pytest.raises(Refused):
        world.graph.edit(letter, Outgoing(idempotency="k", text="Hallo"))


def test_pitfall_11_the_customer_edits_and_deletes_after_our_answer(world: FacebookWorld) -> None:
    question = asked(world, words("Vorher"))
    world.graph.publish(reply(question, "Unsere Antwort."))
    world.rewrite(question.ref, "Nachher")
    (edited,) = world.graph.refresh([question.ref])
    (event,) = world.graph.parse(edited.body)
    assert (event.kind, event.text, event.ref.version) == (Kind.EDITED, "Nachher", told.digest("Nachher"))
    assert event.at > question.at
    assert world.graph.refresh([event.ref]) == []
    world.withdraw(question.ref)
    (gone,) = world.graph.refresh([event.ref])
    assert [one.kind for one in world.graph.parse(gone.body)] == [Kind.DELETED]


def test_an_edited_comment_that_is_polled_again_is_no_second_creation(world: FacebookWorld) -> None:
    question = asked(world, words("Erst so"))
    before, _ = world.graph.poll(world.start)
    world.rewrite(question.ref, "Dann so")
    after, _ = world.graph.poll(world.start)
    key = f"comment:{question.ref.id}"
    assert [raw.key for raw in before].count(key) == [raw.key for raw in after].count(key) == 1


def test_people_have_a_page_scoped_id(world: FacebookWorld) -> None:
    author = asked(world, words("Wer bin ich?")).author
    assert author is not None
    assert (author.id, author.name) == (people.scoped_id(LENA, "facebook"), "Olena Kovalenko")


def test_a_private_reply_to_a_visitors_post_names_the_post(world: FacebookWorld) -> None:
    visit(world, "Privat bitte")
    world.graph.publish(private(world.hear("Privat bitte"), "Gern privat."))
    assert [letter["text"] for letter in world.letters()] == ["Gern privat."]
