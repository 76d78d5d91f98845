"""Direct messages on the practice X: both directions, who accepts none, paging, deletion for oneself."""

from typing import Any

from hilft.practice.accounts import x_user_id
from tests.practice.x.conftest import BRAND, KATJA, YUSUF, X

FINN, GERD = x_user_id("finn_al"), x_user_id("gerd_schlueter")

FIELDS = {"dm_event.fields": "sender_id,created_at,dm_conversation_id,participant_ids"}


def send(x: X, to: str, text: str) -> dict[str, Any]:
    answer = x.user("POST", f"/2/dm_conversations/with/{to}/messages", {"text": text})
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_a_conversation_in_both_directions(x: X) -> None:
    theirs = x.practice("POST", "dms", {"as": "finn_al", "text": "Meine Kundennummer: 12"})["id"]
    ours = send(x, FINN, "Danke, wir sehen nach. <3")
    conversation = "-".join(sorted((BRAND, FINN), key=int))
    assert ours["dm_conversation_id"] == conversation
    path = f"/2/dm_conversations/with/{FINN}/dm_events"
    body = x.user("GET", path, **FIELDS, expansions="sender_id").json()
    assert [event["id"] for event in body["data"]] == [ours["dm_event_id"], theirs]
    assert body["data"][1] == {
        "id": theirs,
        "event_type": "MessageCreate",
        "text": "Meine Kundennummer: 12",
        "created_at": body["data"][1]["created_at"],
        "dm_conversation_id": conversation,
        "sender_id": FINN,
        "participant_ids": conversation.split("-"),
    }
    assert {user["id"] for user in body["includes"]["users"]} == {BRAND, FINN}
    assert body["meta"] == {"result_count": 2}


def test_messages_are_paged_backwards(x: X) -> None:
    sent = [
        x.practice("POST", "dms", {"as": "gerd_schlueter", "text": f"Nachricht {number}"})["id"] for number in range(3)
    ]
    path = f"/2/dm_conversations/with/{GERD}/dm_events"
    first = x.user("GET", path, max_results=2).json()
    assert [event["id"] for event in first["data"]] == sent[:0:-1]
    rest = x.user("GET", path, max_results=2, pagination_token=first["meta"]["next_token"]).json()
    assert [event["id"] for event in rest["data"]] == sent[:1]
    assert "next_token" not in rest["meta"]
    assert x.user("GET", path, max_results=101).status_code == 400


def test_somebody_who_accepts_no_messages_gets_none(x: X) -> None:
    x.practice("PUT", "people/yusuf_d", {"accepts_dm": False})
    answer = x.user("POST", f"/2/dm_conversations/with/{YUSUF}/messages", {"text": "Hallo"})
    assert (answer.status_code, answer.json()) == (
        403,
        {
            "title": "Forbidden",
            "detail": "You do not have permission to DM one or more participants.",
            "type": "about:blank",
            "status": 403,
        },
    )
    found = x.app("GET", f"/2/users/{YUSUF}", **{"user.fields": "receives_your_dm"}).json()["data"]
    assert found["receives_your_dm"] is False
    x.practice("PUT", "people/yusuf_d", {"accepts_dm": True})
    assert send(x, YUSUF, "Hallo")["dm_event_id"].isdecimal()


def test_a_deleted_message_is_gone_for_its_sender_only(x: X) -> None:
    ours = send(x, KATJA, "Aus Versehen")["dm_event_id"]
    assert x.user("DELETE", f"/2/dm_events/{ours}").json() == {"data": {"deleted": True}}
    assert x.user("GET", f"/2/dm_events/{ours}").json()["errors"][0]["resource_type"] == "dm_event"
    assert ours in [message["id"] for message in x.practice("GET", "dms")["dms"]]
    theirs = x.practice("POST", "dms", {"as": "katja_brandt", "text": "Was war das?"})["id"]
    assert x.user("DELETE", f"/2/dm_events/{theirs}").status_code == 403
    assert x.user("DELETE", "/2/dm_events/17").status_code == 404


def test_what_a_message_must_not_be(x: X) -> None:
    x.clock(3600)
    path = f"/2/dm_conversations/with/{KATJA}/messages"
    assert x.user("POST", path, {"text": " "}).status_code == 400
    assert x.user("POST", path, {"text": "x" * 10_001}).status_code == 400
    assert x.user("POST", path, {"message": "x"}).status_code == 400
    assert x.user("POST", "/2/dm_conversations/with/17/messages", {"text": "x"}).status_code == 400
    assert x.app("POST", path, {"text": "x"}).status_code == 403


def test_messages_are_kept_for_thirty_days(x: X) -> None:
    theirs = x.practice("POST", "dms", {"as": "katja_brandt", "text": "Heute"})["id"]
    x.clock(2 * 3600)
    assert x.user("GET", "/2/dm_events").json()["data"][0]["id"] == theirs
    x.clock(31 * 86400)
    assert x.user("GET", "/2/dm_events").json() == {"meta": {"result_count": 0}}
