"""Addresses, versions, the error envelope, unknown fields and edges."""

import pytest

from tests.practice.meta.conftest import IG, KATJA, PAGE, Meta


def test_every_error_has_the_envelope(meta: Meta) -> None:
    answer = meta.call("GET", "4711")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    error = answer.json()["error"]
    assert error.pop("fbtrace_id").startswith("A")
    assert error == {
        "message": (
            "Unsupported get request. Object with ID '4711' does not exist, cannot be loaded due to missing "
            "permissions, or does not support this operation. Please read the Graph API documentation at "
            "https://developers.facebook.com/docs/graph-api"
        ),
        "type": "GraphMethodException",
        "code": 100,
        "error_subcode": 33,
    }
    assert error.get("fbtrace_id") != meta.call("GET", "4711").json()["error"]["fbtrace_id"]


@pytest.mark.parametrize(("version", "code"), [("v20.0", 2635), ("v99.0", 2635)])
def test_versions_that_ended_are_refused(meta: Meta, version: str, code: int) -> None:
    assert meta.refused("GET", "me", version=version) == (code, None)


@pytest.mark.parametrize("version", ["v21.0", "v24.0", "v26.0", ""])
def test_living_versions_and_none_at_all_answer(meta: Meta, version: str) -> None:
    assert meta.call("GET", "me", version=version).json()["id"] == PAGE


def test_unknown_fields_are_named_with_the_type_of_node(meta: Meta) -> None:
    comment = meta.says(KATJA, "Hallo", meta.page_post())
    for path, field, node in [
        (PAGE, "shoe_size", "Page"),
        (meta.page_post(), "shoe_size", "PagePost"),
        (comment, "updated_time", "Comment"),
        (IG, "email", "ShadowIGUser"),
        (meta.picture(), "shares", "ShadowIGMedia"),
        (meta.says(KATJA, "Hallo", meta.picture()), "message", "ShadowIGComment"),
    ]:
        error = meta.call("GET", path, params={"fields": f"id,{field}"}).json()["error"]
        assert error["message"] == f"(#100) Tried accessing nonexisting field ({field}) on node type ({node})"
        assert error["code"] == 100
    assert meta.refused("GET", f"{PAGE}/feed", params={"fields": "id,comments{nothing}"}) == (100, None)


def test_unknown_edges_and_addresses(meta: Meta) -> None:
    error = meta.call("GET", f"{PAGE}/shoes").json()["error"]
    assert error["message"] == "(#100) Tried accessing nonexisting field (shoes) on node type (Page)"
    assert meta.refused("POST", f"{PAGE}/shoes") == (100, 33)
    assert meta.refused("DELETE", PAGE) == (100, 33)
    assert meta.refused("GET", f"{PAGE}/feed/more") == (2500, None)
    assert meta.refused("PUT", PAGE) == (100, None)
    assert meta.refused("POST", f"{IG}/messages") == (100, 33)


def test_field_lists_that_do_not_parse(meta: Meta) -> None:
    for fields in ("id,", "id{name", "id)", "comments.limit{id}", "a{b{c{d{e{f}}}}}"):
        assert meta.refused("GET", f"{PAGE}/feed", params={"fields": fields})[0] == 2500


def test_parameters_that_a_call_does_not_have_are_refused(meta: Meta) -> None:
    data = {"message": "a", "massage": "b"}
    assert meta.refused("POST", f"{PAGE}/feed", data=data) == (100, None)
    assert meta.refused("POST", f"{PAGE}/feed", json=[1]) == (100, None)
    assert meta.refused("POST", f"{PAGE}/feed", content=b"{", headers={"Content-Type": "application/json"}) == (
        100,
        None,
    )


def test_bodies_come_as_forms_multipart_or_json(meta: Meta) -> None:
    post = meta.page_post()
    for number, options in enumerate(
        [{"data": {"message": "Grüße 0"}}, {"json": {"message": "Grüße 1"}}, {"files": {"message": (None, "Grüße 2")}}]
    ):
        answer = meta.call("POST", f"{post}/comments", **options).json()
        assert meta.get(answer["id"], fields="message")["message"] == f"Grüße {number}"


def test_a_creation_answers_with_the_fields_asked_for(meta: Meta) -> None:
    made = meta.post(f"{meta.page_post()}/comments", message="Moin", fields="message,from{id}")
    assert made["message"] == "Moin"
    assert made["from"]["id"] == PAGE


def test_pages_of_an_edge_follow_cursors_past_deletions(meta: Meta) -> None:
    post = meta.page_post()
    ids = [meta.says(KATJA, f"Frage {number}", post) for number in range(7)]
    first = meta.get(f"{post}/comments", limit="3", fields="id")
    assert [c["id"] for c in first["data"]] == ids[:3]
    assert "previous" not in first["paging"]
    meta.practice("DELETE", f"comments/{ids[2]}")
    second = meta.http.get(first["paging"]["next"]).json()
    assert [c["id"] for c in second["data"]] == ids[3:6]
    third = meta.http.get(second["paging"]["next"]).json()
    assert [c["id"] for c in third["data"]] == ids[6:]
    assert "next" not in third["paging"]
    exact = meta.get(f"{post}/comments", limit="3", after=second["paging"]["cursors"]["before"])
    assert [c["id"] for c in exact["data"]] == ids[4:]
    assert "next" not in exact["paging"]
    back = meta.http.get(third["paging"]["previous"]).json()
    assert [c["id"] for c in back["data"]] == ids[3:6]
    turned = meta.get(f"{post}/comments", limit="2", order="reverse_chronological", fields="id")
    assert [c["id"] for c in turned["data"]] == [ids[6], ids[5]]
    assert [c["id"] for c in meta.http.get(turned["paging"]["next"]).json()["data"]] == [ids[4], ids[3]]


def test_pages_can_be_nested_and_bounded_in_time(meta: Meta) -> None:
    meta.at(0)
    post = meta.page_post()
    old = meta.says(KATJA, "alt", post)
    meta.at(100)
    now = meta.practice("GET", "clock")["now"]
    new = meta.says(KATJA, "neu", post)
    nested = meta.get(post, fields="comments.limit(1).order(reverse_chronological){message}")["comments"]
    assert nested["data"] == [{"message": "neu", "id": new}]
    assert meta.http.get(nested["paging"]["next"]).json()["data"] == [{"message": "alt", "id": old}]
    assert [c["id"] for c in meta.get(f"{post}/comments", since=str(int(now) - 50))["data"]] == [new]
    assert [c["id"] for c in meta.get(f"{post}/comments", until=str(int(now) - 50))["data"]] == [old]


@pytest.mark.parametrize(
    "params",
    [{"limit": "0"}, {"limit": "x"}, {"after": "!!"}, {"since": "gestern"}, {"filter": "all"}, {"order": "no"}],
)
def test_modifiers_that_make_no_sense(meta: Meta, params: dict[str, str]) -> None:
    post = meta.page_post()
    meta.says(KATJA, "Hallo", post)
    assert meta.refused("GET", f"{post}/comments", params=params) == (100, None)
