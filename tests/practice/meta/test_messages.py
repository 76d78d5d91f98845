"""Messenger and Instagram messages: windows to the second, the human agent, and one private reply per comment."""

from typing import Any

import pytest

from hilft.practice.meta import people
from hilft.practice.meta.people import Network
from tests.practice.meta.conftest import DAY, IG, KATJA, PAGE, YUSUF, Meta

WEEK = 7 * DAY
AGENT = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
OUTSIDE = {"facebook": 2018278, "instagram": 2534022}


def code(answer: Any) -> tuple[int, int | None]:
    assert answer.status_code >= 400, answer.text
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


def to(handle: str, network: Network = "facebook") -> dict[str, str]:
    return {"id": people.scoped_id(handle, network)}


@pytest.mark.parametrize("network", ["facebook", "instagram"])
def test_the_windows_close_to_the_second(meta: Meta, network: Network) -> None:
    meta.at(0)
    meta.writes(KATJA, "Hallo", network)
    recipient = to(KATJA, network)
    meta.at(DAY)
    sent = meta.send(recipient, messaging_type="RESPONSE").json()
    assert sent["recipient_id"] == recipient["id"]
    meta.at(DAY + 1)
    assert code(meta.send(recipient, messaging_type="RESPONSE")) == (10, OUTSIDE[network])
    assert code(meta.send(recipient, tag="HUMAN_AGENT")) == (10, OUTSIDE[network])
    assert meta.send(recipient, **AGENT).status_code == 200
    meta.at(WEEK)
    assert meta.send(recipient, **AGENT).status_code == 200
    meta.at(WEEK + 1)
    assert code(meta.send(recipient, **AGENT)) == (10, OUTSIDE[network])
    meta.writes(KATJA, "Noch da?", network)
    assert meta.send(recipient).status_code == 200


def test_the_human_agent_is_a_feature_and_other_tags_are_gone(meta: Meta) -> None:
    meta.writes(KATJA, "Hallo")
    assert code(meta.send(to(KATJA), messaging_type="MESSAGE_TAG", tag="ACCOUNT_UPDATE")) == (100, None)
    assert code(meta.send(to(KATJA), messaging_type="MESSAGE_TAG")) == (100, None)
    assert code(meta.send(to(KATJA), messaging_type="ANSWER")) == (100, None)
    meta.practice("PUT", "settings", human_agent=False)
    assert code(meta.send(to(KATJA), **AGENT)) == (10, None)
    assert meta.send(to(KATJA), messaging_type="RESPONSE").status_code == 200


def test_only_those_who_wrote_can_be_written_to(meta: Meta) -> None:
    assert code(meta.send(to(YUSUF))) == (100, 2018001)
    assert code(meta.send({"id": "123"})) == (100, 2018001)
    meta.writes(YUSUF, "Hallo")
    assert meta.send(to(YUSUF)).status_code == 200
    assert code(meta.send(to(YUSUF, "instagram"))) == (100, 2018001)
    meta.practice("PUT", "settings", unavailable=[YUSUF])
    assert code(meta.send(to(YUSUF))) == (551, 1545041)


def test_lengths_are_characters_here_and_bytes_there(meta: Meta) -> None:
    meta.writes(KATJA, "Hallo")
    meta.writes(KATJA, "Hallo", "instagram")
    assert meta.send(to(KATJA), "ä" * 2_000).status_code == 200
    assert code(meta.send(to(KATJA), "ä" * 2_001)) == (100, None)
    assert meta.send(to(KATJA, "instagram"), "ä" * 500).status_code == 200
    assert code(meta.send(to(KATJA, "instagram"), "ä" * 500 + "a")) == (100, 2534038)
    assert code(meta.send(to(KATJA), " ")) == (100, 2018034)


def test_recipient_and_message_also_come_as_form_fields(meta: Meta) -> None:
    meta.writes(KATJA, "Hallo")
    form = {"recipient": f'{{"id": "{to(KATJA)["id"]}"}}', "message": '{"text": "Grüße"}', "messaging_type": "RESPONSE"}
    mid = meta.post("me/messages", **form)["message_id"]
    assert meta.get(mid, fields="message")["message"] == "Grüße"
    assert meta.refused("POST", "me/messages", data=form | {"recipient": "Katja"}) == (100, None)
    assert meta.refused("POST", "me/messages", data=form | {"recipient": "[]"}) == (100, None)
    assert meta.refused("POST", "me/messages", data=form | {"recipient": "{}"}) == (100, None)
    assert meta.refused("POST", "me/messages", data=form | {"message": '{"attachment": {}}'}) == (100, None)


@pytest.mark.parametrize("network", ["facebook", "instagram"])
def test_one_private_reply_per_comment_within_seven_days(meta: Meta, network: Network) -> None:
    meta.at(0)
    on = meta.page_post() if network == "facebook" else meta.picture()
    first, second = meta.says(KATJA, "Meine Nummer?", on), meta.says(YUSUF, "Und meine?", on)
    sent = meta.send({"comment_id": first}, "Wir schreiben dir hier.").json()
    assert sent["recipient_id"] == people.scoped_id(KATJA, network)
    assert code(meta.send({"comment_id": first})) == (10900, None)
    assert code(meta.send(to(KATJA, network))) == (10, OUTSIDE[network])
    meta.writes(KATJA, "Danke", network)
    assert meta.send(to(KATJA, network)).status_code == 200
    meta.at(WEEK + 1)
    assert code(meta.send({"comment_id": second})) == (10901, None)
    meta.at(WEEK)
    assert meta.send({"comment_id": second}).status_code == 200


def test_what_cannot_be_answered_privately(meta: Meta) -> None:
    own = meta.post(f"{meta.page_post()}/comments", message="Von uns")["id"]
    assert code(meta.send({"comment_id": own})) == (10903, None)
    gone = meta.says(KATJA, "Weg", meta.page_post())
    meta.delete(gone)
    assert code(meta.send({"comment_id": gone})) == (100, 2018292)
    theirs = meta.practice("POST", "posts", **{"as": YUSUF}, text="Schön", network="instagram")["id"]
    assert code(meta.send({"comment_id": meta.says(KATJA, "@nordnetz", theirs)})) == (10902, None)
    comment = meta.says(KATJA, "Blockiert", meta.page_post())
    meta.practice("PUT", "settings", unavailable=[KATJA])
    assert code(meta.send({"comment_id": comment})) == (10903, None)


def test_a_visitor_post_is_answered_privately_by_its_id(meta: Meta) -> None:
    post = meta.practice("POST", "posts", **{"as": KATJA}, text="Hallo Seite")["id"]
    assert code(meta.send({"comment_id": post})) == (100, 2018292)
    assert meta.send({"post_id": post}).status_code == 200
    assert code(meta.send({"post_id": post})) == (10900, None)


def test_the_private_reply_shows_on_the_comment(meta: Meta) -> None:
    comment = meta.says(KATJA, "Frage", meta.page_post())
    meta.send({"comment_id": comment})
    read = meta.get(comment, fields="can_reply_privately,private_reply_conversation")
    assert read["can_reply_privately"] is False
    assert read["private_reply_conversation"]["id"] == meta.get(f"{PAGE}/conversations")["data"][0]["id"]


def test_a_live_comment_only_while_the_broadcast_runs(meta: Meta) -> None:
    live = meta.practice("POST", "brand", network="instagram", text="Live", surface="LIVE")["id"]
    first, second = meta.says(KATJA, "Eins", live), meta.says(YUSUF, "Zwei", live)
    assert meta.send({"comment_id": first}).status_code == 200
    meta.practice("PATCH", f"media/{live}")
    assert code(meta.send({"comment_id": second})) == (10901, None)


def test_conversations_and_their_messages(meta: Meta) -> None:
    meta.writes(KATJA, "Eins")
    meta.writes(YUSUF, "Zwei")
    meta.writes(KATJA, "Drei")
    meta.writes(KATJA, "Vier", "instagram")
    fields = "id,updated_time,message_count,participants,messages{id,message,from,to,created_time}"
    found = meta.get(f"{PAGE}/conversations", fields=fields)["data"]
    assert [c["message_count"] for c in found] == [2, 1]
    assert [m["message"] for m in found[0]["messages"]["data"]] == ["Drei", "Eins"]
    katja = people.scoped_id(KATJA, "facebook")
    assert found[0]["messages"]["data"][0]["from"] == {
        "name": "Katja Brandt",
        "email": f"{katja}@facebook.com",
        "id": katja,
    }
    assert [p["id"] for p in found[0]["participants"]["data"]] == [katja, PAGE]
    assert len(meta.get(f"{PAGE}/conversations", user_id=people.scoped_id(YUSUF, "facebook"))["data"]) == 1
    first = meta.get(f"{PAGE}/conversations", limit="1")
    assert [c["id"] for c in meta.http.get(first["paging"]["next"]).json()["data"]] == [found[1]["id"]]
    there = meta.get(f"{PAGE}/conversations", platform="instagram", fields="participants,messages{from,to}")["data"]
    assert [p["id"] for p in there[0]["participants"]["data"]] == [people.scoped_id(KATJA, "instagram"), IG]
    assert there[0]["messages"]["data"][0]["from"]["username"] == KATJA
    assert meta.get(f"{found[1]['id']}/messages", fields="message")["data"][0]["message"] == "Zwei"
    assert meta.refused("GET", f"{PAGE}/conversations", params={"platform": "icq"}) == (100, None)
    assert meta.refused("GET", found[0]["id"], params={"fields": "mood"}) == (100, None)


def test_only_the_last_twenty_messages_can_be_read(meta: Meta) -> None:
    ids = [meta.writes(KATJA, f"Nummer {number}") for number in range(21)]
    assert meta.get(ids[1], fields="message")["message"] == "Nummer 1"
    assert meta.refused("GET", ids[0], params={"fields": "message"}) == (100, None)
    conversation = meta.get(f"{PAGE}/conversations")["data"][0]["id"]
    listed = meta.get(f"{conversation}/messages", fields="message", limit="50")["data"]
    assert ["message" in message for message in listed] == [True] * 20 + [False]


def test_profiles_of_those_who_wrote(meta: Meta) -> None:
    on_facebook, on_instagram = people.scoped_id(KATJA, "facebook"), people.scoped_id(KATJA, "instagram")
    assert meta.refused("GET", on_facebook) == (100, 33)
    assert meta.refused("GET", on_instagram) == (230, None)
    meta.writes(KATJA, "Hallo")
    meta.writes(KATJA, "Hallo", "instagram")
    assert meta.get(on_facebook, fields="first_name,last_name") == {
        "first_name": "Katja",
        "last_name": "Brandt",
        "id": on_facebook,
    }
    assert meta.get(on_instagram, fields="name,username")["username"] == KATJA
    assert meta.refused("GET", on_instagram, params={"fields": "birthday"}) == (100, None)
