"""The Facebook page: posts, comments, edits, hiding, deleting, who may do what."""

from hilft.practice.meta import people
from tests.practice.meta.conftest import DAY, KATJA, PAGE, YUSUF, Meta

WEEK = 7 * DAY


def test_the_page(meta: Meta) -> None:
    page = meta.get(PAGE, fields="id,name,username,instagram_business_account")
    assert page == {
        "id": PAGE,
        "name": "NordNetz",
        "username": "nordnetz",
        "instagram_business_account": {"id": people.INSTAGRAM_ID},
    }


def test_feed_posts_and_tagged_hold_what_they_say(meta: Meta) -> None:
    own = meta.page_post()
    visitor = meta.practice("POST", "posts", **{"as": KATJA}, text="Hallo Seite")["id"]
    tagged = meta.practice("POST", "posts", **{"as": YUSUF}, text="Ach, @nordnetz …", elsewhere=True)["id"]
    other = meta.practice("POST", "posts", **{"as": YUSUF}, text="Schönes Wetter", elsewhere=True)["id"]
    assert [p["id"] for p in meta.get(f"{PAGE}/feed")["data"]] == [visitor, own]
    assert [p["id"] for p in meta.get(f"{PAGE}/posts")["data"]] == [own]
    assert [p["id"] for p in meta.get(f"{PAGE}/tagged")["data"]] == [tagged]
    assert meta.get(tagged, fields="message_tags")["message_tags"][0]["id"] == PAGE
    assert meta.refused("GET", other) == (100, 33)
    assert meta.post(f"{tagged}/comments", message="Wir hören zu.")["id"]
    assert meta.refused("POST", f"{other}/comments", data={"message": "Hallo?"}) == (100, 33)


def test_the_page_posts_but_not_the_same_twice(meta: Meta) -> None:
    post = meta.post(f"{PAGE}/feed", message="Neues")["id"]
    assert post.startswith(f"{PAGE}_")
    assert meta.refused("POST", f"{PAGE}/feed", data={"message": "Neues"}) == (506, None)
    assert meta.post(post, message="Noch Neueres") == {"success": True}
    assert meta.get(post, fields="message")["message"] == "Noch Neueres"
    assert meta.delete(post) == {"success": True}
    assert meta.refused("GET", post) == (100, 33)


def test_a_comment_and_its_answer(meta: Meta) -> None:
    post = meta.page_post()
    question = meta.says(KATJA, "Wann? 👩‍👩‍👧", post)
    answer = meta.post(f"{question}/comments", message="Heute.")["id"]
    fields = "message,from,parent{id},object,can_hide,can_remove,can_comment,comment_count,permalink_url"
    read = meta.get(answer, fields=fields)
    assert read["from"] == {"name": "NordNetz", "id": PAGE}
    assert (read["parent"]["id"], read["object"]["id"], read["can_hide"]) == (question, post, False)
    read = meta.get(question, fields=fields)
    assert read["message"] == "Wann? 👩‍👩‍👧"
    assert read["from"] == {"name": "Katja Brandt", "id": people.scoped_id(KATJA, "facebook")}
    assert (read["comment_count"], read["can_hide"], "parent" in read) == (1, True, False)


def test_toplevel_and_stream(meta: Meta) -> None:
    post = meta.page_post()
    question = meta.says(KATJA, "Frage", post)
    answer = meta.post(f"{question}/comments", message="Antwort")["id"]
    assert [c["id"] for c in meta.get(f"{post}/comments")["data"]] == [question]
    stream = meta.get(f"{post}/comments", filter="stream", summary="true")
    assert [c["id"] for c in stream["data"]] == [question, answer]
    assert stream["summary"]["total_count"] == 2
    assert [c["id"] for c in meta.get(f"{question}/comments")["data"]] == [answer]


def test_an_answer_to_an_answer_joins_the_first_comment(meta: Meta) -> None:
    question = meta.says(KATJA, "Frage", meta.page_post())
    answer = meta.says(YUSUF, "Ich auch", question)
    again = meta.post(f"{answer}/comments", message="Wir sehen nach.")["id"]
    assert meta.get(again, fields="parent{id}")["parent"]["id"] == question


def test_own_comments_can_be_edited_and_others_not(meta: Meta) -> None:
    question = meta.says(KATJA, "Frage", meta.page_post())
    answer = meta.post(f"{question}/comments", message="Antwrt")["id"]
    assert meta.post(answer, message="Antwort") == {"success": True}
    assert meta.get(answer, fields="message")["message"] == "Antwort"
    assert meta.refused("POST", question, data={"message": "anders"}) == (200, None)
    assert meta.refused("POST", answer) == (100, None)


def test_hiding_others_comments(meta: Meta) -> None:
    question = meta.says(KATJA, "Böses", meta.page_post())
    own = meta.post(f"{question}/comments", message="Bitte nicht.")["id"]
    assert meta.post(question, is_hidden="true") == {"success": True}
    assert meta.get(question, fields="is_hidden")["is_hidden"] is True
    assert meta.post(question, is_hidden="false") == {"success": True}
    assert meta.get(question, fields="is_hidden")["is_hidden"] is False
    assert meta.refused("POST", own, data={"is_hidden": "true"}) == (200, None)
    assert meta.refused("POST", question, data={"is_hidden": "maybe"}) == (100, None)


def test_deleting_takes_the_answers_along(meta: Meta) -> None:
    question = meta.says(KATJA, "Frage", meta.page_post())
    answer = meta.post(f"{question}/comments", message="Antwort")["id"]
    assert meta.delete(question) == {"success": True}
    for gone in (question, answer):
        assert meta.refused("GET", gone) == (100, 33)
        assert meta.refused("DELETE", gone) == (100, 33)
    tagged = meta.practice("POST", "posts", **{"as": YUSUF}, text="@nordnetz", elsewhere=True)["id"]
    assert meta.refused("DELETE", tagged) == (200, None)


def test_lengths(meta: Meta) -> None:
    post = meta.page_post()
    assert meta.post(f"{post}/comments", message="ä" * 8_000)["id"]
    assert meta.refused("POST", f"{post}/comments", data={"message": "ä" * 8_001}) == (100, None)
    assert meta.refused("POST", f"{post}/comments", data={"message": "  "}) == (100, None)
    assert meta.post(post, message="ä" * 8_001) == {"success": True}
    assert meta.refused("POST", f"{PAGE}/feed", data={"message": "a" * 63_207}) == (100, None)


def test_whether_a_private_reply_is_open_is_a_field(meta: Meta) -> None:
    meta.at(0)
    question = meta.says(KATJA, "Frage", meta.page_post())
    visitor = meta.practice("POST", "posts", **{"as": KATJA}, text="Hallo Seite")["id"]
    tagged = meta.practice("POST", "posts", **{"as": YUSUF}, text="@nordnetz", elsewhere=True)["id"]

    def is_open(thing: str) -> bool:
        return bool(meta.get(thing, fields="can_reply_privately")["can_reply_privately"])

    assert [is_open(thing) for thing in (question, visitor, tagged, meta.page_post())] == [True, True, False, False]
    meta.at(WEEK)
    assert is_open(question)
    meta.at(WEEK + 1)
    assert not is_open(question)
