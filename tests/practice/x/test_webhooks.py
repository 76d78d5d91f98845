"""Webhooks of the practice X: proof of the address, signatures, retries, and when deliveries stop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hilft.practice.faults import Faults
from hilft.practice.x import rules
from hilft.practice.x.bill import Bill
from hilft.practice.x.clock import Clock
from hilft.practice.x.deliveries import Deliveries
from hilft.practice.x.problems import XDialect
from hilft.practice.x.store import Store
from tests import event_loop
from tests.practice.conftest import free_port, until
from tests.practice.x.conftest import BRAND, KATJA, KEYS, Webhook, X, network, receiving, signature


@contextmanager
def registered(x: X) -> Iterator[tuple[Webhook, str]]:
    """A webhook that passed its challenge, and its id; removed afterwards."""
    with receiving() as webhook:
        answer = x.app("POST", "/2/webhooks", {"url": webhook.url})
        assert answer.status_code == 200, answer.text
        number = answer.json()["data"]["id"]
        try:
            yield webhook, number
        finally:
            x.app("DELETE", f"/2/webhooks/{number}")


def subscribe(x: X, webhook: str, *event_types: str, user: str = BRAND) -> None:
    for event_type in event_types:
        body = {"event_type": event_type, "filter": {"user_id": user}, "webhook_id": webhook, "tag": event_type}
        answer = x.user("POST", "/2/activity/subscriptions", body)
        assert answer.status_code == 200, answer.text


def attempts(x: X, uuid: str) -> list[tuple[int, int | None]]:
    found = x.practice("GET", "deliveries")["deliveries"]
    return [(delivery["attempt"], delivery["status"]) for delivery in found if delivery["event_uuid"] == uuid]


def test_a_mention_is_delivered_signed_with_both_secrets(x: X) -> None:
    with registered(x) as (webhook, number):
        subscribe(x, number, "post.mention.create")
        post = x.says("katja_brandt", "@nordnetz Grüße aus Ängelholm")
        until(lambda: webhook.heard, "the delivery")
        heard = webhook.heard[0]
        assert heard.headers["x-twitter-webhooks-signature"] == signature(KEYS.consumer_secret, heard.body)
        assert heard.headers["x-twitter-webhooks-signature-oauth2"] == signature(KEYS.client_secret, heard.body)
        assert heard.data["event_type"] == "post.mention.create"
        assert heard.data["event_uuid"] == post["id"]
        assert heard.data["filter"] == {"user_id": BRAND}
        assert heard.data["tag"] == "post.mention.create"
        payload = heard.data["payload"]
        assert (payload["id"], payload["author_id"], payload["text"]) == (
            post["id"],
            KATJA,
            "@nordnetz Grüße aus Ängelholm",
        )
        assert payload["edit_controls"]["is_edit_eligible"] is True
        users = {user["username"] for user in heard.data["includes"]["users"]}
        assert users == {"katja_brandt", "nordnetz"}
        until(lambda: attempts(x, post["id"]) == [(1, 200)], "the record")


def test_each_kind_of_event_goes_to_whom_it_concerns(x: X) -> None:
    with registered(x) as (webhook, number):
        kinds = ("post.create", "post.delete", "post.reply.create", "post.quote.create", "dm.received", "dm.sent")
        subscribe(x, number, *kinds)
        ours = x.user("POST", "/2/tweets", {"text": "Neue Tarife"}).json()["data"]
        reply = x.says("katja_brandt", "Endlich", reply_to=ours["id"])
        quote = x.says("katja_brandt", "Seht mal", quote=ours["id"])
        theirs = x.practice("POST", "dms", {"as": "katja_brandt", "text": "Psst"})["id"]
        x.user("POST", f"/2/dm_conversations/with/{KATJA}/messages", {"text": "Ja?"})
        x.user("DELETE", f"/2/tweets/{ours['id']}")
        until(lambda: len(webhook.heard) == 6, "six deliveries")
        told = {heard.data["event_type"]: heard.data for heard in webhook.heard}
        assert told["post.create"]["payload"]["id"] == ours["id"]
        assert told["post.reply.create"]["payload"]["id"] == reply["id"]
        assert told["post.quote.create"]["payload"]["id"] == quote["id"]
        assert told["post.delete"]["payload"] == {"id": ours["id"], "author_id": BRAND}
        event = told["dm.received"]["payload"]["direct_message_events"][0]
        assert event["id"] == theirs
        assert event["message_create"]["target"] == {"recipient_id": BRAND}
        assert event["message_create"]["sender_id"] == KATJA
        assert event["message_create"]["message_data"]["text"] == "Psst"
        assert told["dm.received"]["payload"]["users"][KATJA]["data"]["username"] == "katja_brandt"
        assert told["dm.sent"]["payload"]["direct_message_events"][0]["message_create"]["sender_id"] == BRAND


def test_an_edit_is_told_as_a_new_post_of_the_chain(x: X) -> None:
    with registered(x) as (webhook, number):
        subscribe(x, number, "post.mention.create")
        post = x.says("katja_brandt", "@nordnetz Hilfee")
        x.practice("PATCH", f"posts/{post['id']}", {"as": "katja_brandt", "text": "@nordnetz Hilfe"})
        until(lambda: len(webhook.heard) == 2, "both versions")
        history = webhook.heard[1].data["payload"]["edit_history_tweet_ids"]
        assert history == [post["id"], webhook.heard[1].data["event_uuid"]]


@pytest.mark.parametrize(
    ("secret", "status"), [("guessed", 200), (KEYS.consumer_secret, 404), (KEYS.consumer_secret, 302)]
)
def test_an_address_that_fails_the_challenge_is_not_registered(x: X, secret: str, status: int) -> None:
    with receiving() as webhook:
        webhook.secret, webhook.crc_status = secret, status
        answer = x.app("POST", "/2/webhooks", {"url": webhook.url})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["message"].startswith("CrcValidationFailed")
        assert len(webhook.challenges) == 1
    assert x.app("GET", "/2/webhooks").json() == {"data": [], "meta": {"result_count": 0}}


def test_either_secret_answers_the_challenge(x: X) -> None:
    with receiving() as webhook:
        webhook.secret = KEYS.client_secret
        number = x.app("POST", "/2/webhooks", {"url": webhook.url}).json()["data"]["id"]
        assert x.app("DELETE", f"/2/webhooks/{number}").json() == {"data": {"deleted": True}}
        assert x.app("DELETE", f"/2/webhooks/{number}").status_code == 404


@pytest.mark.parametrize(
    "url", ["http://hilft.example/x", "https://hilft.example:8443/x", "ftp://127.0.0.1/x", "hilft", ""]
)
def test_other_addresses_are_refused(x: X, url: str) -> None:
    answer = x.app("POST", "/2/webhooks", {"url": url})
    assert (answer.status_code, answer.json()["errors"][0]["message"][:19]) == (400, "UrlValidationFailed")


def test_an_unreachable_and_a_repeated_address(x: X) -> None:
    answer = x.app("POST", "/2/webhooks", {"url": f"http://127.0.0.1:{free_port()}/x"})
    assert answer.json()["errors"][0]["message"].startswith("CrcValidationFailed")
    with registered(x) as (webhook, number):
        again = x.app("POST", "/2/webhooks", {"url": webhook.url})
        assert again.json()["errors"][0]["message"].startswith("DuplicateUrlFailed")
        listed = x.app("GET", "/2/webhooks").json()
        assert listed["data"][0] | {"created_at": ""} == {
            "id": number,
            "url": webhook.url,
            "valid": True,
            "created_at": "",
        }


def test_the_number_of_webhooks_is_limited(x: X) -> None:
    with registered(x), registered(x), registered(x), receiving() as fourth:
        answer = x.app("POST", "/2/webhooks", {"url": fourth.url})
        assert answer.json()["errors"][0]["message"].startswith("WebhookLimitExceeded")
        assert fourth.challenges == []


def test_a_receiver_that_takes_too_long_has_not_received(tmp_path: Path) -> None:
    """The ten seconds of the rules made short."""
    known = rules.read()
    webhook = {**known.of["webhook"], "timeout_seconds": 0.2, "retries_seconds": [0.05]}
    store, clock = Store(tmp_path), Clock()
    hasty = known._replace(of={**known.of, "webhook": webhook})
    deliveries = Deliveries(store, clock, hasty, Faults(XDialect(clock)), Bill(store, clock, known), KEYS)

    async def deliver(url: str) -> None:
        store.write("insert into webhook values(1, ?, 1, 0, 0)", url)
        deliveries.send(1, {"data": {"event_type": "dm.received", "event_uuid": "7"}})
        while store.number("select count(*) from delivery") < 2:
            await asyncio.sleep(0.02)
        await deliveries.close()

    with receiving() as slow:
        slow.seconds = 0.6
        event_loop.run(deliver(slow.url))
    found = store.rows("select attempt, status, problem from delivery order by id")
    store.close()
    assert [(row["attempt"], row["status"], bool(row["problem"])) for row in found] == [
        (1, None, True),
        (2, None, True),
    ]


def test_a_webhook_that_fails_its_check_hears_nothing_until_it_passes(x: X) -> None:
    with registered(x) as (webhook, number):
        subscribe(x, number, "post.mention.create")
        webhook.secret = "forgotten"
        x.practice("POST", "recheck")
        assert x.app("GET", "/2/webhooks").json()["data"][0]["valid"] is False
        x.says("katja_brandt", "@nordnetz Hört mich jemand?")
        assert x.app("PUT", f"/2/webhooks/{number}").json() == {"data": {"valid": False}}
        webhook.secret = KEYS.consumer_secret
        assert x.app("PUT", f"/2/webhooks/{number}").json() == {"data": {"valid": True}}
        x.says("katja_brandt", "@nordnetz Jetzt?")
        until(lambda: webhook.heard, "the delivery")
        assert [heard.data["payload"]["text"] for heard in webhook.heard] == ["@nordnetz Jetzt?"]


def test_trouble_makes_a_webhook_invalid_only_after_28_hours(x: X) -> None:
    with registered(x) as (webhook, _):
        webhook.crc_status = 503
        x.clock(27 * 3600)
        x.practice("POST", "recheck")
        assert x.app("GET", "/2/webhooks").json()["data"][0]["valid"] is True
        x.clock(29 * 3600)
        x.practice("POST", "recheck")
        assert x.app("GET", "/2/webhooks").json()["data"][0]["valid"] is False


def test_webhooks_are_rechecked_by_themselves(tmp_path: Path) -> None:
    with network(tmp_path, "--recheck", "0.2") as x, registered(x) as (webhook, _):
        until(lambda: len(webhook.challenges) >= 3, "two more challenges")
        webhook.secret = "forgotten"
        until(lambda: not x.app("GET", "/2/webhooks").json()["data"][0]["valid"], "the webhook to become invalid")


def test_a_refused_delivery_is_tried_again(x: X) -> None:
    with registered(x) as (webhook, number):
        subscribe(x, number, "post.mention.create")
        webhook.statuses = [500]
        post = x.says("katja_brandt", "@nordnetz Zweimal bitte")
        until(lambda: len(webhook.heard) == 2, "the second attempt")
        assert webhook.heard[0].body == webhook.heard[1].body
        until(lambda: attempts(x, post["id"]) == [(1, 500), (2, 200)], "the record")


def test_faults_repeat_shuffle_and_lose_deliveries(x: X) -> None:
    with registered(x) as (webhook, number):
        subscribe(x, number, "post.mention.create")
        x.faults(duplicates={})
        x.says("katja_brandt", "@nordnetz Doppelt")
        until(lambda: len(webhook.heard) >= 2, "a duplicate")
        assert len({heard.data["event_uuid"] for heard in webhook.heard}) == 1
        x.faults(stream_gap={})
        x.says("katja_brandt", "@nordnetz Verloren")
        x.faults(out_of_order={})
        webhook.heard.clear()
        texts = [f"@nordnetz Reihe {number}" for number in range(4)]
        for text in texts:
            x.says("katja_brandt", text)
        until(lambda: len(webhook.heard) >= 4, "all four")
        heard = [delivery.data["payload"]["text"] for delivery in webhook.heard if "Reihe" in str(delivery.data)]
        assert sorted(heard) == texts
        assert heard != texts
        assert not [delivery for delivery in webhook.heard if "Verloren" in str(delivery.data)]


def test_subscriptions_are_made_listed_changed_and_removed(x: X) -> None:
    with registered(x) as (_, number):
        body: dict[str, Any] = {"event_type": "dm.received", "filter": {"user_id": BRAND}, "webhook_id": number}
        made = x.user("POST", "/2/activity/subscriptions", body).json()
        subscription = made["data"]["subscription"]
        assert made["data"]["total_subscriptions_for_instance_id"] == made["meta"]["total_subscriptions"] == 1
        assert {name: subscription[name] for name in body} == body
        assert x.user("POST", "/2/activity/subscriptions", body).status_code == 409
        path = f"/2/activity/subscriptions/{subscription['subscription_id']}"
        assert x.app("PUT", path, {"tag": "post"}).json()["data"]["subscription"]["tag"] == "post"
        assert x.app("GET", "/2/activity/subscriptions").json()["data"][0]["tag"] == "post"
        assert x.app("DELETE", path).json() == {"data": {"deleted": True}, "meta": {"total_subscriptions": 0}}
        assert x.app("DELETE", path).status_code == 404


def test_private_events_need_the_person_and_names_must_be_known(x: X) -> None:
    def status(event_type: str, user: str, **more: str) -> tuple[int, int]:
        body = {"event_type": event_type, "filter": {"user_id": user}} | more
        as_user = x.user("POST", "/2/activity/subscriptions", body).status_code
        return as_user, x.app("POST", "/2/activity/subscriptions", body).status_code

    assert status("post.mention.create", BRAND) == (200, 403)
    assert status("dm.received", KATJA) == (403, 403)
    assert status("post.delete", KATJA) == (200, 409)
    assert status("post.mention.created", BRAND) == (400, 400)
    assert status("post.create", "17") == (400, 400)
    assert status("dm.sent", BRAND, webhook_id="17") == (400, 403)
    for found in x.app("GET", "/2/activity/subscriptions").json()["data"]:
        x.app("DELETE", f"/2/activity/subscriptions/{found['subscription_id']}")
