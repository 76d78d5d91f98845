"""The faults in Meta's words, and what they do to webhooks."""

import json
import time

import httpx2
import pytest

from tests.practice.conftest import until
from tests.practice.meta.conftest import KATJA, PAGE, Meta, Receiver


def fault(meta: Meta, **faults: dict[str, object]) -> None:
    meta.practice("PUT", "faults", **faults)


def test_limits_with_and_without_headers(meta: Meta) -> None:
    fault(meta, rate_limit={"times": 1})
    answer = meta.call("GET", "me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 80001)
    usage = json.loads(answer.headers["x-business-use-case-usage"])[PAGE][0]
    assert usage["estimated_time_to_regain_access"] == 1
    fault(meta, rate_limit_bare={"times": 1})
    answer = meta.call("GET", "me")
    assert answer.json()["error"]["code"] == 80001
    assert "x-business-use-case-usage" not in answer.headers
    assert meta.call("GET", "me").status_code == 200


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80001, 80002, 80006])
def test_every_limit_can_be_met(meta: Meta, code: int) -> None:
    meta.practice("PUT", "settings", limit_code=code)
    fault(meta, rate_limit={"times": 1})
    assert meta.refused("GET", "me") == (code, None)


def test_a_temporary_failure_and_a_lost_token(meta: Meta) -> None:
    fault(meta, server_error={"times": 1})
    answer = meta.call("GET", "me")
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["is_transient"]) == (
        500,
        2,
        True,
    )
    fault(meta, token_revoked={"times": 1})
    assert meta.refused("GET", "me") == (190, 460)


def test_a_fault_for_one_kind_of_request_only(meta: Meta) -> None:
    fault(meta, server_error={"only": "^POST .*/comments$"})
    assert meta.call("GET", "me").status_code == 200
    assert meta.refused("POST", f"{meta.page_post()}/comments", data={"message": "a"}) == (2, None)


def test_late_answers(meta: Meta) -> None:
    fault(meta, latency={"amount": 0.3, "times": 1})
    begin = time.monotonic()
    assert meta.call("GET", "me").status_code == 200
    assert time.monotonic() - begin >= 0.3


def test_carried_out_but_never_answered(meta: Meta) -> None:
    post = meta.page_post()
    fault(meta, timeout_after={"amount": 0.1, "only": "POST"})
    with pytest.raises(httpx2.TransportError):
        meta.call("POST", f"{post}/comments", data={"message": "Angekommen"})
    fault(meta)
    assert [c["message"] for c in meta.get(f"{post}/comments")["data"]] == ["Angekommen"]


def test_webhooks_lose_what_happens_meanwhile(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    fault(meta, stream_gap={})
    meta.says(KATJA, "Verloren", meta.page_post())
    fault(meta)
    meta.says(KATJA, "Wieder da", meta.page_post())
    assert [update["message"] for update in receiver.wait(1)] == ["Wieder da"]


def test_webhooks_come_more_than_once(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    fault(meta, duplicates={"times": 1})
    meta.says(KATJA, "Doppelt", meta.page_post())
    receiver.wait(2)
    until(lambda: meta.practice("GET", "deliveries")[0]["status"] == "delivered", "the delivery")
    assert len(receiver.hooks) in (2, 3)
    assert len({hook.body for hook in receiver.hooks}) == 1


def test_webhooks_come_in_disorder(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    fault(meta, out_of_order={})
    post = meta.page_post()
    texts = [f"Frage {number}" for number in range(8)]
    for text in texts:
        meta.says(KATJA, text, post)
    got = [update["message"] for update in receiver.wait(8)]
    assert sorted(got) == texts
    assert got != texts
