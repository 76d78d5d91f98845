"""A department's own system is told by a signed call over real HTTP, and answers by one: repeated, forged, refused."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from hilft.base.clock import now
from hilft.escalation.commands.handovers import hand_over
from hilft.escalation.commands.sending import send
from hilft.escalation.commands.settings import save_department, save_level
from hilft.escalation.models import Dispatch, HandOver, Reaction
from hilft.inbox.models import Conversation
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "what both sides know"


class System:
    """A ticket system: it keeps what it is told, and answers with the status it was given."""

    def __init__(self) -> None:
        self.status = 202
        self.calls: list[tuple[dict[str, str], bytes]] = []
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                system.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(system.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tickets"


@pytest.fixture
def system() -> Iterator[System]:
    made = System()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def handed(system: System) -> HandOver:
    made = save_department(by=None, name="Netz", topics=[], reach="webhook", url=system.url, secret=SECRET)
    save_level(by=None, department=made, name="Ticket")
    conversation = factories.message(factories.mastodon_account(), "Kein Internet!", who="lena").conversation
    return hand_over(by=factories.staff("agent"), conversation=conversation, department=made, asked="Bitte prüfen.")


def leave() -> Dispatch:
    Dispatch.objects.filter(due_at__gt=now()).update(due_at=now() - timedelta(seconds=1))
    dispatch = Dispatch.objects.get()
    send(dispatch.pk)
    dispatch.refresh_from_db()
    return dispatch


def says(handover: HandOver, *, secret: str = SECRET, **said: Any) -> tuple[int, Any]:
    body = json.dumps(said).encode()
    answer = Client().post(
        f"/api/hand-overs/{handover.thread}/",
        body,
        content_type="application/json",
        headers={"x-hilft-signature": signed(body, secret)},
    )
    return answer.status_code, answer.json()


def test_their_system_is_told_by_a_signed_call(system: System):
    handover = handed(system)
    assert leave().state == "sent"
    ((headers, body),) = system.calls
    assert headers["x-hilft-signature"] == signed(body)
    told = json.loads(body)
    assert (told["kind"], told["request"], told["level"]) == ("ask", handover.pk, 1)
    assert "> Kein Internet!" in told["text"]
    assert told["answer_url"].endswith(f"/api/hand-overs/{handover.thread}/")


@pytest.mark.parametrize(("status", "state"), [(503, "sending"), (429, "sending"), (422, "failed"), (302, "failed")])
def test_what_it_answers_decides_whether_it_is_tried_again(system: System, status: int, state: str):
    handover = handed(system)
    system.status = status
    dispatch = leave()
    assert (dispatch.state, str(status) in dispatch.error) == (state, True)
    system.status = 200
    if state == "sending":
        assert leave().state == "sent"
        first, second = (json.loads(body)["id"] for _headers, body in system.calls)
        assert first == second, "the same call, so that they can tell"
    else:
        handover.refresh_from_db()
        assert handover.stalled_at is not None, "said on the desk"


def test_a_system_that_is_away_is_tried_again(system: System):
    handed(system)
    system.server.socket.close()
    assert leave().state == "sending"


def test_it_takes_it_on_and_answers_once(system: System):
    handover = handed(system)
    leave()
    assert says(handover, key="T-1") == (200, {"heard": True})
    assert says(handover, key="T-1") == (200, {"heard": False})
    assert says(handover, key="T-2", text="Heute bis 18 Uhr.", sender="Ticket 77") == (200, {"heard": True})
    assert says(handover, key="T-2", text="Heute bis 18 Uhr.") == (200, {"heard": False})
    assert list(Reaction.objects.order_by("pk").values_list("kind", flat=True)) == ["acknowledged", "answer"]
    note = Conversation.objects.get().messages.get(direction="note")
    assert note.text.endswith("(Ticket 77):\n\nHeute bis 18 Uhr.")


def test_what_is_not_signed_with_the_secret_is_not_heard(system: System):
    handover = handed(system)
    assert says(handover, secret="another", key="T-1", text="Ich bin es.")[0] == 401
    assert says(HandOver(thread="0" * 16), key="T-1", text="Ich bin es.")[0] == 404
    assert says(handover, text="Ohne Schlüssel.")[0] == 422
    assert Client().get(f"/api/hand-overs/{handover.thread}/").status_code == 404
    large = b'{"key": "' + b"x" * 100_000 + b'"}'
    heard = Client().post(f"/api/hand-overs/{handover.thread}/", large, content_type="application/json")
    assert (heard.status_code, Reaction.objects.count()) == (413, 0)
