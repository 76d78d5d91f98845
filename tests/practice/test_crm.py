"""The practice customer system: behind its key, found by three things, and with a page for people who practise."""

import httpx2

from hilft.practice.accounts import CRM_KEY
from tests.practice.conftest import free_port, peer


def test_it_answers_with_a_key_and_shows_whom_it_knows() -> None:
    with peer("crm", "--port", str(free_port())) as ready:
        http = httpx2.Client(base_url=ready["url"], trust_env=False)
        with http:
            assert http.get("/api/customers/c-5f21").status_code == 401
            http.headers["Authorization"] = f"Bearer {CRM_KEY}"
            assert http.get("/api/customers/c-5f21").json()["contract"]["tariff"] == "NordNetz Glas 250"
            found = [
                http.get("/api/customers", params=asked).json()["total"]
                for asked in ({"number": "10471120"}, {"email": "Katja.Brandt@post.example"}, {"name": "Katja"}, {})
            ]
            assert found == [1, 1, 0, 0]
            assert http.get("/api/customers/c-0").status_code == 404
            page = http.get("/", headers={"accept-language": "en"}).text
            assert ("Practice customer system" in page, "Deichstraße 5" in page) == (True, True)
            assert [http.get(path).status_code for path in ("/practice.css", "/favicon.ico", "/nichts")] == [
                200,
                204,
                404,
            ]
