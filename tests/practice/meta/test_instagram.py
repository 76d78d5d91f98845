"""The Instagram account: media, comments, replies, mentions, hiding; nothing is edited."""

import pytest

from hilft.practice.meta import people
from tests.practice.meta.conftest import IG, KATJA, YUSUF, Meta


def test_the_account_and_its_media(meta: Meta) -> None:
    assert meta.get(IG) == {"id": IG}
    assert meta.get(IG, fields="username,media_count") == {"username": "nordnetz", "media_count": 1, "id": IG}
    picture = meta.picture()
    reel = meta.practice("POST", "brand", network="instagram", text="Film", surface="REELS")["id"]
    story = meta.practice("POST", "brand", network="instagram", text="Kurz", surface="STORY")["id"]
    assert [m["id"] for m in meta.get(f"{IG}/media")["data"]] == [reel, picture]
    read = meta.get(reel, fields="caption,media_product_type,media_type,username,permalink,comments_count")
    assert (read["caption"], read["media_product_type"], read["media_type"]) == ("Film", "REELS", "VIDEO")
    assert meta.get(story, fields="media_product_type")["media_product_type"] == "STORY"


def test_comments_are_top_level_and_newest_first(meta: Meta) -> None:
    picture = meta.picture()
    first = meta.says(KATJA, "Erste", picture)
    second = meta.says(YUSUF, "Zweite", picture)
    answer = meta.post(f"{first}/replies", message="Ja.")["id"]
    listed = meta.get(f"{picture}/comments", fields="text,timestamp,username,from,replies{id,parent_id,user}")["data"]
    assert [c["id"] for c in listed] == [second, first]
    assert listed[1]["from"] == {"id": people.scoped_id(KATJA, "instagram"), "username": KATJA}
    assert listed[1]["replies"]["data"] == [{"id": answer, "parent_id": first, "user": {"id": IG}}]
    assert "replies" not in listed[0]
    assert [c["id"] for c in meta.get(f"{first}/replies")["data"]] == [answer]


def test_at_most_fifty_comments_at_once(meta: Meta) -> None:
    picture = meta.picture()
    for number in range(52):
        meta.says(KATJA, f"Nummer {number}", picture)
    page = meta.get(f"{picture}/comments", limit="100")
    assert len(page["data"]) == 50
    assert len(meta.http.get(page["paging"]["next"]).json()["data"]) == 2


def test_a_persons_id_differs_between_the_networks(meta: Meta) -> None:
    on_facebook = meta.get(meta.says(KATJA, "a", meta.page_post()), fields="from")["from"]["id"]
    on_instagram = meta.get(meta.says(KATJA, "a", meta.picture()), fields="from")["from"]["id"]
    assert on_facebook != on_instagram


def test_a_reply_to_a_reply_joins_the_first_comment(meta: Meta) -> None:
    first = meta.says(KATJA, "Frage", meta.picture())
    second = meta.says(YUSUF, "Ich auch", first)
    answer = meta.post(f"{second}/replies", message="Wir sehen nach.")["id"]
    assert meta.get(answer, fields="parent_id")["parent_id"] == first


def test_hidden_comments_cannot_be_replied_to(meta: Meta) -> None:
    comment = meta.says(KATJA, "Böses", meta.picture())
    assert meta.call("POST", comment, params={"hide": "true"}).json() == {"success": True}
    assert meta.get(comment, fields="hidden")["hidden"] is True
    assert meta.refused("POST", f"{comment}/replies", data={"message": "Na"}) == (100, None)
    assert meta.call("POST", comment, params={"hide": "false"}).json() == {"success": True}
    own = meta.post(f"{comment}/replies", message="Na")["id"]
    assert meta.refused("POST", own, params={"hide": "true"}) == (100, None)
    assert meta.refused("POST", comment) == (100, None)


def test_nothing_can_be_edited(meta: Meta) -> None:
    own = meta.post(f"{meta.picture()}/comments", message="Fehlr")["id"]
    assert meta.refused("POST", own, data={"message": "Fehler"}) == (100, 33)
    assert meta.get(own, fields="text")["text"] == "Fehlr"
    comment = meta.says(KATJA, "Fehlr", meta.picture())
    answer = meta.http.patch(f"/practice/comments/{comment}", json={"text": "Fehler"})
    assert answer.status_code == 409


def test_deleting(meta: Meta) -> None:
    comment = meta.says(KATJA, "Frage", meta.picture())
    answer = meta.post(f"{comment}/replies", message="Antwort")["id"]
    assert meta.delete(comment) == {"success": True}
    assert meta.refused("GET", answer) == (100, 33)
    assert meta.refused("DELETE", meta.picture()) == (100, 33)


def test_live_videos_take_no_comments_of_ours(meta: Meta) -> None:
    live = meta.practice("POST", "brand", network="instagram", text="Live", surface="LIVE")["id"]
    comment = meta.says(KATJA, "Hallo", live)
    assert meta.refused("POST", f"{live}/comments", data={"message": "Hi"}) == (100, None)
    assert meta.refused("POST", f"{comment}/replies", data={"message": "Hi"}) == (100, None)


def test_the_length_of_a_comment(meta: Meta) -> None:
    picture = meta.picture()
    assert meta.post(f"{picture}/comments", message="x" * 2_200)["id"]
    assert meta.refused("POST", f"{picture}/comments", data={"message": "x" * 2_201}) == (100, None)


def test_a_mention_in_a_comment_is_read_and_answered_only_as_a_mention(meta: Meta) -> None:
    theirs = meta.practice("POST", "posts", **{"as": YUSUF}, text="Schön hier", network="instagram")["id"]
    comment = meta.says(KATJA, "@nordnetz habt ihr das gesehen?", theirs)
    silent = meta.says(KATJA, "Sehr schön", theirs)
    fields = f"mentioned_comment.comment_id({comment}){{id,text,timestamp,like_count,media{{id,caption}}}}"
    found = meta.get(IG, fields=fields)["mentioned_comment"]
    assert (found["text"], found["media"]) == (
        "@nordnetz habt ihr das gesehen?",
        {"id": theirs, "caption": "Schön hier"},
    )
    for path in (comment, theirs, f"{theirs}/comments"):
        assert meta.refused("GET", path) == (100, 33)
    assert meta.refused("POST", f"{comment}/replies", data={"message": "Ja"}) == (100, 33)
    assert meta.refused("GET", IG, params={"fields": f"mentioned_comment.comment_id({silent}){{id}}"}) == (100, None)
    assert meta.refused("GET", IG, params={"fields": "mentioned_comment{id}"}) == (100, None)
    answer = meta.post(f"{IG}/mentions", media_id=theirs, comment_id=comment, message="Ja!")["id"]
    threads = meta.practice("GET", "threads")["threads"]
    shown = next(t for t in threads if t["id"] == theirs)["comments"]
    assert [(c["id"], c["parent"]) for c in shown if c["author"] == "nordnetz"] == [(answer, comment)]
    assert meta.refused("DELETE", answer) == (100, 33)


def test_a_mention_in_a_caption(meta: Meta) -> None:
    theirs = meta.practice("POST", "posts", **{"as": KATJA}, text="Danke @nordnetz", network="instagram")["id"]
    fields = f"mentioned_media.media_id({theirs}){{caption,username,owner,media_type}}"
    assert meta.get(IG, fields=fields)["mentioned_media"]["username"] == KATJA
    assert meta.post(f"{IG}/mentions", media_id=theirs, message="Gern!")["id"]


@pytest.mark.parametrize("data", [{"message": "a"}, {"media_id": "1", "message": "a"}, {"media_id": "1"}])
def test_what_is_no_mention(meta: Meta, data: dict[str, str]) -> None:
    assert meta.refused("POST", f"{IG}/mentions", data=data) == (100, None)
