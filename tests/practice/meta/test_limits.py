"""Usage headers, and what happens when a limit is used up."""

import json

import pytest

from hilft.practice.meta import people
from tests.practice.meta.conftest import APP, DAY, IG, KATJA, PAGE, Meta


def test_each_answer_says_how_much_is_used(meta: Meta) -> None:
    meta.practice("PUT", "usage", type="pages", percent=40)
    answer = meta.call("GET", "me")
    used = {"call_count": 40, "total_cputime": 20, "total_time": 20}
    assert json.loads(answer.headers["x-business-use-case-usage"]) == {
        PAGE: [{"type": "pages", **used, "estimated_time_to_regain_access": 0}]
    }
    assert json.loads(answer.headers["x-page-usage"]) == used
    assert "x-app-usage" not in answer.headers
    app = meta.using(people.app_token()).call("GET", f"{APP}/subscriptions")
    assert set(json.loads(app.headers["x-app-usage"])) == {"call_count", "total_cputime", "total_time"}
    assert "x-business-use-case-usage" not in app.headers


@pytest.mark.parametrize(
    ("limit", "path", "code", "business"),
    [
        ("pages", f"{PAGE}/feed", 80001, PAGE),
        ("instagram", f"{IG}/media", 80002, IG),
        ("messenger", f"{PAGE}/conversations", 80006, PAGE),
    ],
)
def test_a_used_up_limit_refuses_until_the_window_has_moved(
    meta: Meta, limit: str, path: str, code: int, business: str
) -> None:
    meta.at(0)
    meta.practice("PUT", "usage", type=limit, percent=100)
    answer = meta.call("GET", path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    usage = json.loads(answer.headers["x-business-use-case-usage"])[business][0]
    assert (usage["type"], usage["call_count"], usage["estimated_time_to_regain_access"]) == (limit, 100, 24 * 60)
    meta.at(DAY - 1)
    assert meta.refused("GET", path) == (code, None)
    meta.at(DAY)
    assert meta.call("GET", path).status_code == 200


def test_one_limit_does_not_stop_the_other(meta: Meta) -> None:
    meta.practice("PUT", "usage", type="messenger", percent=100)
    assert meta.call("GET", f"{PAGE}/feed").status_code == 200
    assert meta.refused("GET", f"{PAGE}/conversations") == (80006, None)


def test_the_apps_own_limit(meta: Meta) -> None:
    meta.practice("PUT", "usage", type="app", percent=100)
    app = meta.using(people.app_token())
    assert app.refused("GET", f"{APP}/subscriptions") == (4, None)
    assert meta.call("GET", "me").status_code == 200
    meta.practice("PUT", "usage", type="app", percent=0)


def test_private_replies_on_instagram_have_a_limit_of_their_own(meta: Meta) -> None:
    first, second = meta.says(KATJA, "Eins", meta.picture()), meta.says(KATJA, "Zwei", meta.picture())
    meta.practice("PUT", "usage", type="private_replies", percent=99)
    assert meta.send({"comment_id": first}).status_code == 200
    meta.practice("PUT", "usage", type="private_replies", percent=100)
    assert meta.send({"comment_id": second}).json()["error"]["code"] == 613
    on_facebook = meta.says(KATJA, "Drei", meta.page_post())
    assert meta.send({"comment_id": on_facebook}).status_code == 200
