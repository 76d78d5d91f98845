"""Posts on the practice X: who mentions whom, what is found, what may be written, what is refused and how."""

from typing import Any

import pytest

from tests.practice.conftest import until
from tests.practice.x.conftest import BRAND, KATJA, X, network

FORBIDDEN = {"title": "Forbidden", "type": "about:blank", "status": 403}
SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)


def mentions(x: X, **query: object) -> dict[str, Any]:
    answer = x.user("GET", f"/2/users/{BRAND}/mentions", **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(body: dict[str, Any]) -> list[str]:
    return [post["id"] for post in body.get("data", [])]


def test_a_mention_is_found_with_just_the_fields_asked_for(x: X) -> None:
    post = x.says("katja_brandt", "@NordNetz Was heißt <orange> & rot? https://nordnetz.example/hilfe < 3")
    body = mentions(x, since_id=int(post["id"]) - 1)
    text = "@NordNetz Was heißt &lt;orange&gt; &amp; rot? https://t.co/"
    assert [sorted(found) for found in body["data"]] == [["edit_history_tweet_ids", "id", "text"]]
    assert body["data"][0]["text"].startswith(text)
    assert body["data"][0]["text"].endswith(" &lt; 3")
    query = {
        "tweet.fields": "author_id,created_at,conversation_id,entities,edit_controls",
        "expansions": "author_id",
        "user.fields": "verified",
    }
    body = mentions(x, since_id=int(post["id"]) - 1, **query)
    found = body["data"][0]
    assert found["author_id"] == KATJA
    assert found["conversation_id"] == post["id"]
    assert found["entities"]["mentions"] == [{"start": 0, "end": 9, "username": "nordnetz", "id": BRAND}]
    assert found["entities"]["urls"][0]["expanded_url"] == "https://nordnetz.example/hilfe"
    assert found["edit_controls"]["edits_remaining"] == 5
    assert body["includes"]["users"] == [
        {"id": KATJA, "name": "Katja Brandt", "username": "katja_brandt", "verified": False}
    ]
    assert body["meta"] == {"result_count": 1, "newest_id": post["id"], "oldest_id": post["id"]}


def test_mentions_are_paged_backwards(x: X) -> None:
    start = int(x.says("yusuf_d", "@nordnetz Nummer 0")["id"])
    posts = [x.says("yusuf_d", f"@nordnetz Nummer {number}")["id"] for number in range(1, 8)]
    first = mentions(x, since_id=start, max_results=5)
    assert ids(first) == posts[:1:-1]
    rest = mentions(x, since_id=start, max_results=5, pagination_token=first["meta"]["next_token"])
    assert ids(rest) == posts[1::-1]
    assert "next_token" not in rest["meta"]
    assert ids(mentions(x, since_id=start, until_id=posts[2])) == posts[1::-1]
    assert mentions(x, since_id=posts[-1]) == {"meta": {"result_count": 0}}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"max_results": 4}, "The `max_results` query parameter value [4] is not between 5 and 100"),
        ({"max_results": "x"}, "The `max_results` query parameter value [x] is not a valid number"),
        ({"since_id": "now"}, "The `since_id` query parameter value [now] does not match ^[0-9]{1,19}$"),
        ({"pagination_token": "b26v"}, "The `pagination_token` query parameter value [b26v] is not valid"),
        (
            {"expansions": "author"},
            "The `expansions` query parameter value [author] is not one of [article.",
        ),
        ({"page": "2"}, "The query parameter [page] is not one of [expansions,"),
    ],
)
def test_wrong_parameters_are_named(x: X, query: dict[str, object], message: str) -> None:
    answer = x.user("GET", f"/2/users/{BRAND}/mentions", **query)
    assert answer.status_code == 400
    body = answer.json()
    assert body["errors"][0]["message"].startswith(message)
    assert body["errors"][0]["parameters"] == {name: [str(value)] for name, value in query.items()}
    assert (body["title"], body["type"]) == ("Invalid Request", "https://api.x.com/2/problems/invalid-request")
    assert body["detail"] == "One or more parameters to your request was invalid."


def test_the_brand_replies_and_the_reply_begins_with_whom_it_answers(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz @yusuf_d hat auch keinen Empfang")
    answer = x.reply(post, "Wir prüfen das.")
    assert answer.status_code == 201
    reply = answer.json()["data"]
    assert reply["text"] == "@katja_brandt @yusuf_d Wir prüfen das."
    query = {"tweet.fields": "referenced_tweets,in_reply_to_user_id,conversation_id,display_text_range"}
    found = x.user("GET", f"/2/tweets/{reply['id']}", **query, expansions="referenced_tweets.id").json()
    assert found["data"] == {
        "id": reply["id"],
        "text": reply["text"],
        "edit_history_tweet_ids": [reply["id"]],
        "referenced_tweets": [{"type": "replied_to", "id": post["id"]}],
        "in_reply_to_user_id": KATJA,
        "conversation_id": post["id"],
        "display_text_range": [23, 38],
    }
    assert [tweet["id"] for tweet in found["includes"]["tweets"]] == [post["id"]]
    mine = x.user("GET", f"/2/users/{BRAND}/tweets", since_id=post["id"]).json()
    assert ids(mine) == [reply["id"]]


def test_a_reply_leaves_out_whom_it_is_told_to(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz @yusuf_d sieht das auch so")
    reply = {"in_reply_to_tweet_id": post["id"], "exclude_reply_user_ids": [x.says("yusuf_d", "ja")["author_id"]]}
    text = x.user("POST", "/2/tweets", {"text": "Nur an Sie", "reply": reply}).json()["data"]["text"]
    assert text == "@katja_brandt Nur an Sie"


def test_only_those_who_engaged_the_brand_are_answered(x: X) -> None:
    stranger = x.says("yusuf_d", "NordNetz ist schon wieder weg")
    answer = x.reply(stranger, "Können wir helfen?")
    assert (answer.status_code, answer.json()) == (403, FORBIDDEN | {"detail": SUMMONED})
    quote = x.user("POST", "/2/tweets", {"text": "Das sehen wir", "quote_tweet_id": stranger["id"]})
    assert quote.status_code == 403
    assert quote.json()["detail"].startswith("Quoting this post is not allowed")


def test_a_quote_of_the_brand_and_an_answer_to_it_open_the_reply(x: X) -> None:
    ours = x.user("POST", "/2/tweets", {"text": "Wartung heute Nacht"}).json()["data"]
    quote = x.says("yusuf_d", "Na toll", quote=ours["id"])
    assert x.reply(quote, "Es dauert nur eine Stunde").status_code == 201
    answer = x.says("katja_brandt", "Bei uns auch?", reply_to=ours["id"])
    assert answer["text"] == "@nordnetz Bei uns auch?"
    assert x.reply(answer, "Ja, überall").status_code == 201
    metrics = x.app("GET", f"/2/tweets/{ours['id']}", **{"tweet.fields": "public_metrics"}).json()["data"]
    assert (metrics["public_metrics"]["reply_count"], metrics["public_metrics"]["quote_count"]) == (1, 1)


def test_enterprise_keys_answer_everybody(tmp_path_factory: pytest.TempPathFactory) -> None:
    with network(tmp_path_factory.mktemp("enterprise"), "--enterprise") as x:
        assert x.reply(x.says("yusuf_d", "NordNetz ist weg"), "Wo genau?").status_code == 201


def test_the_same_text_is_not_published_twice(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz Wann kommt der Techniker?")
    assert x.reply(post, "Morgen um zehn.").status_code == 201
    again = x.reply(post, "Morgen um zehn.")
    detail = "You are not allowed to create a Tweet with duplicate content."
    assert (again.status_code, again.json()) == (403, FORBIDDEN | {"detail": detail})
    other = x.says("yusuf_d", "@nordnetz Und bei mir?")
    assert x.reply(other, "Morgen um zehn.").status_code == 201
    x.clock(25 * 3600)
    assert x.reply(post, "Morgen um zehn.").status_code == 201


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("ä" * 280, 201),
        ("b" * 281, 400),
        ("😀" * 140, 201),
        ("😁" * 140 + "a", 400),
        ("👩‍👩‍👧‍👦" * 140, 201),
        ("漢" * 140, 201),
        ("字" * 140 + "a", 400),
        ("c" * 256 + " https://nordnetz.example/" + "lang" * 50, 201),
        ("d" * 257 + " https://nordnetz.example/" + "lang" * 50, 400),
        ("e" * 256 + " nordnetz.example", 201),
        ("e\u0301" * 280, 201),
    ],
)
def test_the_weighted_length(x: X, text: str, status: int) -> None:
    answer = x.user("POST", "/2/tweets", {"text": text})
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["detail"].startswith("Your Tweet text is too long.")


def test_the_handles_before_a_reply_do_not_count(x: X) -> None:
    post = x.says("lotte_vom_deich", "@nordnetz Moin")
    assert x.reply(post, "f" * 280).status_code == 201


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"txt": "a"}, "$.txt: is not defined in the schema and the schema does not allow additional properties"),
        ({"text": 3}, "$.text: int found, str expected"),
        ({"text": "a", "reply": {"to": "3"}}, "$.reply.to: is not defined in the schema"),
        ({"text": "a", "reply": {}}, "$.reply.in_reply_to_tweet_id: is missing but it is required"),
        ({"text": "a", "reply": {"in_reply_to_tweet_id": "x"}}, "$.reply.in_reply_to_tweet_id: does not match"),
        ({"text": "a", "media": {"media_ids": ["3"]}}, "$.media: the practice network does not simulate this field"),
        ({}, "Your request must include `text`"),
        ([], "$: object expected"),
    ],
)
def test_unknown_fields_are_refused(x: X, body: Any, message: str) -> None:
    answer = x.user("POST", "/2/tweets", body)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert answer.json()["errors"][0]["message"].startswith(message)


def test_a_body_must_be_json(x: X) -> None:
    header = x.signer.header("POST", f"{x.url}/2/tweets", {"text": "a"})
    assert x.call("POST", "/2/tweets", header, data={"text": "a"}).status_code == 400
    header = x.signer.header("POST", f"{x.url}/2/tweets")
    assert x.call("POST", "/2/tweets", header, content=b'{"text": "a"}').status_code == 400


def test_a_deleted_post_is_gone_and_not_answered(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz Hat sich erledigt")
    x.practice("DELETE", f"posts/{post['id']}", {"as": "katja_brandt"})
    gone = x.user("GET", f"/2/tweets/{post['id']}")
    assert (gone.status_code, gone.json()["errors"][0]["title"]) == (200, "Not Found Error")
    assert post["id"] not in ids(mentions(x))
    answer = x.reply(post, "Schön!")
    detail = "You attempted to reply to a Tweet that is deleted or not visible to you."
    assert (answer.status_code, answer.json()["detail"]) == (403, detail)


def test_the_brand_deletes_its_own_posts_only(x: X) -> None:
    ours = x.user("POST", "/2/tweets", {"text": "Gleich wieder weg"}).json()["data"]["id"]
    assert x.user("DELETE", f"/2/tweets/{ours}").json() == {"data": {"deleted": True}}
    assert x.user("DELETE", f"/2/tweets/{ours}").status_code == 404
    theirs = x.says("katja_brandt", "Bleibt stehen")["id"]
    assert x.user("DELETE", f"/2/tweets/{theirs}").status_code == 403


def test_several_posts_are_looked_up_with_the_missing_named(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz Eins")
    body = x.app("GET", "/2/tweets", ids=f"{post['id']},17").json()
    assert ids(body) == [post["id"]]
    assert body["errors"] == [
        {
            "value": "17",
            "detail": "Could not find tweet with ids: [17].",
            "title": "Not Found Error",
            "resource_type": "tweet",
            "parameter": "ids",
            "resource_id": "17",
            "type": "https://api.x.com/2/problems/resource-not-found",
        }
    ]
    assert x.app("GET", "/2/tweets", ids="").status_code == 400


def test_replies_under_own_posts_are_hidden(x: X) -> None:
    ours = x.user("POST", "/2/tweets", {"text": "Fragen zur Wartung? Hier!"}).json()["data"]
    reply = x.says("gerd_schlueter", "Saftladen", reply_to=ours["id"])
    assert x.user("PUT", f"/2/tweets/{reply['id']}/hidden", {"hidden": True}).json() == {"data": {"hidden": True}}
    shown = {post["id"]: post["hidden"] for post in x.practice("GET", "posts?as=gerd_schlueter")["posts"]}
    assert shown[reply["id"]] is True
    stranger = x.says("gerd_schlueter", "@nordnetz Saftladen hoch zwei")
    assert x.user("PUT", f"/2/tweets/{stranger['id']}/hidden", {"hidden": True}).status_code == 403


def test_search_understands_its_operators(x: X) -> None:
    post = x.says("finn_al", "@nordnetz Der Zebrarouter blinkt https://nordnetz.example/zebra")
    reply = x.reply(post, "Bitte den Zebrarouter neu starten").json()["data"]

    def found(query: str, **more: object) -> list[str]:
        return ids(x.app("GET", "/2/tweets/search/recent", query=query, **more).json())

    assert found("zebrarouter") == [reply["id"], post["id"]]
    assert found(f"conversation_id:{post['id']}") == [reply["id"], post["id"]]
    assert found("zebrarouter from:finn_al") == [post["id"]]
    assert found("zebrarouter -from:finn_al") == [reply["id"]]
    assert found(f"zebrarouter to:{post['author_id']}") == [reply["id"]]
    assert found('"den zebrarouter neu" OR (has:links zebrarouter)') == [reply["id"], post["id"]]
    assert found("zebrarouter is:reply @finn_al") == [reply["id"]]
    assert found("zebrarouter", since_id=post["id"]) == [reply["id"]]
    for wrong in ("colour:blue", "(a", '"a', "a OR"):
        answer = x.app("GET", "/2/tweets/search/recent", query=wrong)
        assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request"), wrong
    x.clock(10 * 86400)
    assert found("zebrarouter") == []
    old = x.app("GET", "/2/tweets/search/recent", query="zebrarouter", since_id=post["id"])
    assert old.status_code == 400
    assert old.json()["errors"][0]["message"].startswith("'since_id' must be a tweet id created after ")


def test_accounts_are_found_by_id_and_in_any_case_by_name(x: X) -> None:
    assert x.app("GET", f"/2/users/{KATJA}").json()["data"]["username"] == "katja_brandt"
    body = x.app("GET", "/2/users/by/username/Katja_Brandt", **{"user.fields": "receives_your_dm"}).json()
    assert body["data"] == {"id": KATJA, "name": "Katja Brandt", "username": "katja_brandt", "receives_your_dm": True}
    assert x.app("GET", "/2/users/by/username/nobody_here").json()["errors"][0]["parameter"] == "username"
    assert x.app("GET", "/2/users/12").json()["errors"][0]["resource_type"] == "user"
    assert x.app("GET", "/2/users/by/username/what-ever").status_code == 400


def test_posts_outlive_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    state = tmp_path_factory.mktemp("restart")
    with network(state) as x:
        post = x.says("katja_brandt", "@nordnetz Noch da?")
        answer = x.reply(post, "Ja!").json()["data"]
        message = x.practice("POST", "dms", {"as": "katja_brandt", "text": "Vertraulich"})
    with network(state) as x:
        assert ids(mentions(x)) == [post["id"]]
        assert ids(x.user("GET", f"/2/users/{BRAND}/tweets").json()) == [answer["id"]]
        until(lambda: x.user("GET", "/2/dm_events").json()["data"][0]["id"] == message["id"], "the message")
        assert int(x.says("katja_brandt", "@nordnetz Gut")["id"]) > int(answer["id"])


def test_unknown_addresses_are_not_found(x: X) -> None:
    assert x.app("GET", "/2/likes").json() == {
        "title": "Not Found",
        "detail": "Not Found",
        "type": "about:blank",
        "status": 404,
    }
    assert x.app("GET", "/2/tweets/abc").status_code == 400
