"""Practice customer system: a few customers behind a key, as JSON; and the same with every way to answer badly."""

import argparse
import json
import signal
import socket
import sys
import threading
import time
import tomllib
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from hilft.practice import page
from hilft.practice.accounts import CRM_KEY

FAULTS: Final = ("error", "slow", "drip", "drip-head", "html", "huge", "types", "redirect", "list")
"""What stands before `/api` in an address, after `/fault/`, to be answered in this way."""

SLOW, DRIP = 30.0, 0.1
"""Seconds before a slow answer, and between two bytes of one that drips."""


def customers() -> list[dict[str, Any]]:
    """Everybody it knows."""
    file = Path(__file__).with_name("crm.toml")
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["customer"]
    return found


def shown(customer: dict[str, Any]) -> dict[str, Any]:
    """A customer as a system would nest it."""
    own = {name: customer[name] for name in ("id", "number", "email", "phone")}
    address = {name: customer[name] for name in ("street", "postcode", "city")}
    contract = {"tariff": customer["tariff"], "ends_on": customer["contract_end"], "device": customer["device"]}
    account = {name: customer[name] for name in ("balance", "last_invoice", "dunning")}
    person = {"name": customer["name"], "born_on": customer["born"], "address": address}
    return {**own, "person": person, "contract": contract, "account": account, "open_faults": customer["faults"]}


def answer(path: str, query: dict[str, list[str]]) -> tuple[int, object]:
    """Status and JSON of a call with a good key."""
    everybody = customers()
    if path == "/api/customers":
        (name, values), *_rest = query.items() or [("", [""])]
        wanted = _bare(values[0])
        rows = [shown(one) for one in everybody if name in {"number", "email", "phone"} and _bare(one[name]) == wanted]
        return 200, {"customers": rows, "total": len(rows)}
    known = {f"/api/customers/{one['id']}": one for one in everybody}
    return (200, shown(known[path])) if path in known else (404, {"error": "There is no such customer."})


def _bare(text: str) -> str:
    return text.replace(" ", "").casefold()


def server(port: int) -> ThreadingHTTPServer:
    """The system on loopback, not yet running; port 0 takes any."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path, fault = unquote(parts.path), ""
            if path.startswith("/fault/"):
                fault, _, rest = path.removeprefix("/fault/").partition("/")
                path = f"/{rest}"
            if not path.startswith("/api/"):
                _send(self, _page(path, page.words(self.headers.get("accept-language", ""))))
            elif fault in FAULTS and fault not in {"types", "list"}:
                _misbehave(self, fault)
            elif self.headers.get("Authorization") != f"Bearer {CRM_KEY}":
                _send(self, _json(401, {"error": "The key is missing or wrong."}))
            else:
                status, found = answer(path, parse_qs(parts.query))
                _send(self, _json(status, _wrong(found) if fault == "types" else [] if fault == "list" else found))

        def log_message(self, *arguments: object) -> None:
            """Who asks for whom is nobody's business."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _wrong(found: object) -> object:
    """The same names with values of other types."""
    if isinstance(found, dict):
        return {name: value if name in {"id", "number", "total"} else _wrong(value) for name, value in found.items()}
    return [_wrong(one) for one in found] if isinstance(found, list) else {"value": found}


def _misbehave(to: BaseHTTPRequestHandler, fault: str) -> None:
    """One of the ways in which a system fails whoever asks; who hangs up has heard enough."""
    try:
        if fault == "slow":
            to.connection.settimeout(SLOW)
            to.connection.recv(1, socket.MSG_PEEK)
        elif fault in {"drip", "drip-head"}:
            _drip(to, head=fault == "drip-head")
        elif fault == "huge":
            to.send_response(200)
            to.end_headers()
            for _ in range(20):
                to.wfile.write(b" " * 1_000_000)
        else:
            words = {"error": (500, {}), "html": (200, {}), "redirect": (302, {"location": "/api/customers"})}
            status, headers = words[fault]
            _send(to, page.Answer(status, "<h1>Wartungsarbeiten</h1>", headers))
    except OSError:
        to.close_connection = True


def _drip(to: BaseHTTPRequestHandler, *, head: bool) -> None:
    start = b"HTTP/1.0 200 OK\r\n" if head else b"HTTP/1.0 200 OK\r\n\r\n"
    to.wfile.write(start)
    began = time.monotonic()
    while time.monotonic() - began < SLOW:
        to.wfile.write(b"x" if head else b" ")
        to.wfile.flush()
        time.sleep(DRIP)


def _send(to: BaseHTTPRequestHandler, said: page.Answer) -> None:
    to.send_response(said.status)
    for name, value in said.all_headers().items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(said.text.encode())


def _json(status: int, value: object) -> page.Answer:
    return page.Answer(status, json.dumps(value, ensure_ascii=False), {"content-type": "application/json"})


def _page(path: str, words: page.Words) -> page.Answer:
    """Whom it knows, for people who practise: what they would say to prove who they are."""
    if path == page.STYLE_PATH:
        return page.style()
    if path == page.ICON_PATH:
        return page.Answer(204, "")
    if path != "/":
        return page.document(words["gone"], [], words, status=404, about="crm_about", home="crm")
    names = ("number", "email", "born", "street", "postcode", "last_invoice")
    rows = [
        f'<article class="box"><h2>{escape(one["name"])}</h2><dl>'
        + "".join(f"<dt>{escape(words[f'crm_{name}'])}</dt><dd>{escape(str(one[name]))}</dd>" for name in names)
        + "</dl></article>"
        for one in customers()
    ]
    return page.document(words["crm"], rows, words, about="crm_about", home="crm")


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m hilft.practice.crm", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, help="not needed: it keeps nothing")
    options = parser.parse_args(arguments)
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    web = server(options.port)
    threading.Thread(target=web.serve_forever, daemon=True, name="web").start()
    sys.stdout.write(json.dumps({"ready": True, "url": f"http://127.0.0.1:{options.port}"}) + "\n")
    sys.stdout.flush()
    over.wait()
    web.shutdown()
    web.server_close()


if __name__ == "__main__":
    main()
