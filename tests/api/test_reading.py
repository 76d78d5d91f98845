"""Other programs read with a key what it may read, and every error says what to do."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from hilft.base.clock import now
from hilft.channels import capabilities, ledger
from hilft.channels.commands import change_fact
from hilft.channels.models import Override, Spending
from hilft.channels.registry import KINDS
from hilft.channels.spending import today
from hilft.people.keys import create_key, revoke_key
from hilft.people.models import ApiKey
from tests import factories

pytestmark = pytest.mark.django_db
EVERYTHING = ["networks", "spending"]


@pytest.fixture(autouse=True)
def _changes_are_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_until", 0.0)
    monkeypatch.setattr(ledger, "KNOWN_FOR", 0.0)


def reader(*rights: str) -> Client:
    _key, words = create_key(by=factories.staff("operator"), name="Dashboard", rights=list(rights or EVERYTHING))
    return Client(headers={"authorization": f"Bearer {words}", "accept-language": "en"})


def read(client: Client, path: str, **query: str) -> Any:
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    return answer.json()


def refused(client: Client, path: str, **query: str) -> tuple[int, str]:
    answer = client.get(f"/api/v1/{path}", query)
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    return answer.status_code, said["detail"]


def test_all_networks_as_the_desk_shows_them():
    found = {network["kind"]: network for network in read(reader(), "networks")}
    assert list(found) == list(KINDS)
    actions = {able["action"]: able["allowed"] for able in found["bluesky"]["actions"]}
    assert actions == {"reply": True, "private": False, "edit": False, "delete": True, "hide": False}
    assert found["bluesky"]["public"] == {"text": 300, "unit": "grapheme", "bytes": 3000, "url": None}
    assert (found["bluesky"]["private"], found["bluesky"]["correction"]) == (None, "visible_reply")
    assert found["x"]["hears"] == ["stream", "webhook", "poll"]


def test_one_network_with_its_facts_and_what_was_changed():
    operator = factories.staff("operator", name="Olga Betrieb")
    change_fact(by=operator, kind="x", name="price.post", value=0.01, source="Our contract")
    found = read(reader("networks"), "networks/x")
    facts = {fact["name"]: fact for fact in found["facts"]}
    assert set(facts) == set(ledger.facts("x"))
    assert facts["price.post"]["value"] == 0.01
    assert facts["price.post"]["changed"] == {
        "shipped": 0.015,
        "source": "Our contract",
        "at": facts["price.post"]["changed"]["at"],
    }
    assert (facts["right.edit_replies"]["value"], facts["limit.text"]["value"]) == (False, 280)
    assert facts["limit.text"]["changed"] is None
    assert "Olga" not in str(found)


def test_sentences_come_in_the_language_that_was_asked_for():
    client = reader()
    german = client.get("/api/v1/networks/x", headers={"accept-language": "de"}).json()
    assert german["facts"][1]["say"] == "Jeder Link wiegt 23, wie lang er auch ist."


def test_money_of_the_days_that_were_asked_for():
    account = factories.x_account()
    for ago, usd in ((0, "0.2"), (29, "0.015"), (30, "7")):
        day = today() - timedelta(days=ago)
        Spending.objects.create(account=account, day=day, price="price.post", calls=1, usd=Decimal(usd))
    found = read(reader("spending"), "spending")
    assert (found["from"], found["to"]) == (str(today() - timedelta(days=29)), str(today()))
    assert Decimal(found["usd"]) == Decimal("0.215")
    assert [row["price"] for row in found["rows"]] == ["price.post", "price.post"]
    assert found["per_answer"] == [{"kind": "x", "usd": "0.215000", "answered": 0, "each": None}]
    first = str(today() - timedelta(days=30))
    assert Decimal(read(reader(), "spending", **{"from": first, "to": first})["usd"]) == 7


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"from": "2026-11-02", "to": "2026-11-01"}, "The first day lies after the last one."),
        ({"from": "2020-01-01", "to": "2026-11-01"}, "Ask for at most 400 days at a time."),
        ({"from": "yesterday"}, "from: Input should be a valid date or datetime"),
    ],
)
def test_days_that_are_none_are_refused_with_a_reason(query: dict[str, str], detail: str):
    status, said = refused(reader(), "spending", **query)
    assert status == 422
    assert detail in said


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer hk_", "Bearer hk_forged", "Basic aGs6", "hk_words", "Bearer é"]
)
@pytest.mark.parametrize("path", ["networks", "networks/x", "spending"])
def test_without_a_true_key_nothing_is_read(header: str, path: str):
    answer = Client(headers={"authorization": header} if header else {}).get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer hk_" in answer.json()["detail"]


def test_a_revoked_key_opens_nothing():
    client = reader()
    read(client, "networks")
    revoke_key(by=factories.staff("operator"), key=ApiKey.objects.get())
    assert refused(client, "networks")[0] == 401


def test_neither_a_session_nor_a_digest_is_a_key():
    client = Client()
    client.force_login(factories.staff("operator", "lead"))
    assert client.get("/api/v1/networks").status_code == 401
    reader()
    digest = ApiKey.objects.get().digest
    assert Client(headers={"authorization": f"Bearer {digest}"}).get("/api/v1/networks").status_code == 401
    assert Client(headers={"authorization": f"Bearer hk_{digest}"}).get("/api/v1/networks").status_code == 401


@pytest.mark.parametrize(("right", "path"), [("networks", "spending"), ("spending", "networks")])
def test_a_key_reads_only_what_it_may(right: str, path: str):
    assert refused(reader(right), path) == (403, f"This key may not read {path}.")


def test_nothing_can_be_changed_with_a_key():
    client = reader()
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/api/v1/networks/x").status_code == 405
    assert not Override.objects.exists()


def test_use_is_noted_once_a_minute(django_assert_num_queries):
    client = reader()
    read(client, "networks")
    used = ApiKey.objects.get().last_used_at
    assert used is not None
    read(client, "networks")
    assert ApiKey.objects.get().last_used_at == used
    ApiKey.objects.update(last_used_at=now() - timedelta(minutes=2))
    read(client, "networks")
    assert ApiKey.objects.get().last_used_at > used


@pytest.mark.parametrize("path", ["/api/", "/api/v2/networks", "/api/v1/conversations", "/api/v1/networks/fax"])
def test_what_is_not_there_says_so(path: str):
    answer = reader().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "Not Found"


def test_our_own_mistakes_show_nothing(monkeypatch: pytest.MonkeyPatch):
    def broken() -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("hilft.api.networks.networks", broken)
    status, said = refused(reader(), "networks")
    assert (status, "secret" in said) == (500, False)
    assert capabilities.networks


def test_the_description_names_everything_and_how_to_get_in():
    description = Client().get("/api/v1/openapi.json").json()
    assert set(description["paths"]) == {"/api/v1/networks", "/api/v1/networks/{kind}", "/api/v1/spending"}
    query = description["paths"]["/api/v1/spending"]["get"]["parameters"]
    assert {one["name"] for one in query} == {"from", "to"}
    assert description["components"]["securitySchemes"] == {"Key": {"type": "http", "scheme": "bearer"}}
    assert Client().get("/api/v1/docs").status_code == 404
