"""What a mail says: its words without history, in every charset, however broken."""

from __future__ import annotations

import contextlib
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.channels.contract import Config, Event, Unreadable
from hilft.channels.email.adapter import Adapter
from hilft.channels.email.parsing import raw
from hilft.channels.email.text import without_history
from hilft.channels.ledger import packaged
from hilft.channels.plaintext import from_html

ADAPTER = Adapter(
    Config(
        account="3",
        handle="hilfe@telko.example",
        settings={"address": "hilfe@telko.example", "smtp_host": "127.0.0.1"},
        secrets={"token_key": "a key"},
        facts=packaged("email"),
    )
)
HEAD = b"From: Lena <lena@kunde.example>\r\nMessage-ID: <a@kunde.example>\r\nDate: Sun, 22 Nov 2026 08:00:00 +0100\r\n"


def read(mail: bytes) -> Event:
    (event,) = ADAPTER.parse(mail)
    return event


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hallo,\n\nmein Netz ist weg.\n\n-- \nLena Kunde\nTel. 0123", "Hallo,\n\nmein Netz ist weg."),
        ("Geht wieder!\n\nAm 21.11.2026 um 10:00 schrieb Telko hilft:\n> Bitte neu starten.\n> Danke.", "Geht wieder!"),
        ("Geht.\n\nOn Sat, 21 Nov 2026 at 10:00, Telko\n<hilfe@telko.example> wrote:\n\n> Hi\n>\n> there", "Geht."),
        ("Geht.\n\nAm Sa., 21. Nov. 2026 um 10:00 Uhr schrieb Telko <\nhilfe@telko.example>:\n\n> Hi", "Geht."),
        ("Geht.\n\n-----Ursprüngliche Nachricht-----\nVon: Telko\nText", "Geht."),
        ("Geht.\n________________________________\nVon: Telko\nText", "Geht."),
        ("Geht.\n\nVon: Telko <hilfe@telko.example>\nGesendet: Montag\nAn: Lena\nBetreff: AW\n\nText", "Geht."),
        ("> Ist das Kabel drin?\nJa.\n> Leuchtet es?\nNein.", "> Ist das Kabel drin?\nJa.\n> Leuchtet es?\nNein."),
        ("> Nur ein Zitat\n> ohne Antwort", "> Nur ein Zitat\n> ohne Antwort"),
        ("-- \nNur eine Unterschrift", "--\nNur eine Unterschrift"),
        ("Von: Hamburg nach Berlin?\nAm 3. schrieb er nichts.", "Von: Hamburg nach Berlin?\nAm 3. schrieb er nichts."),
        ("a\r\nb\r\n\r\n\r\n\r\nc\x00", "a\nb\n\nc"),
    ],
)
def test_history_and_signatures_go_and_words_stay(text: str, kept: str) -> None:
    assert without_history(text) == kept.strip()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hallo</p><p>Welt</p>", "Hallo\n\nWelt"),
        ("eins<br>zwei<br/>drei", "eins\nzwei\ndrei"),
        ("<style>p{}</style><script>x</script><title>t</title>Hallo", "Hallo"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n\n- b"),
        ('<a href="https://telko.example/x">hier</a>', "hier (https://telko.example/x)"),
        ('<a href="https://telko.example/">https://telko.example</a>', "https://telko.example"),
        ('<a href="javascript:x">hier</a>', "hier"),
        ('Ja.<div class="gmail_quote">Am … schrieb<blockquote>alt</blockquote></div>', "Ja."),
        ('Ja.<blockquote type="cite"><div>alt</div></blockquote>', "Ja."),
        ('Ja.<div id="appendonsend"></div>', "Ja."),
        ('<div class="gmail_quote">nur Zitat</div>', "nur Zitat"),
        ("<p>offen<div>kaputt &amp; &nbsp;ganz", "offen\nkaputt & ganz"),
        ("&lt;b&gt;kein Tag&lt;/b&gt;", "<b>kein Tag</b>"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert from_html(markup) == text


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Type: text/plain; charset=utf-8", "Größe".encode()),
        (b"Content-Type: text/plain; charset=iso-8859-1", "Größe".encode("latin-1")),
        (b"Content-Type: text/plain; charset=unbekannt-7", "Größe".encode()),
        (b"Content-Type: text/plain; charset=utf-8", "Größe".encode("cp1252")),
        (b"Content-Type: text/plain; charset=us-ascii", "Größe".encode()),
        (b"X-Nothing: at all", "Größe".encode()),
        (b"Content-Type: kaputt; ; charset", "Größe".encode()),
        (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", b"R3LDtsOfZQ=="),
        (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", b"Gr=C3=B6=C3=9Fe"),
        (b"Content-Type: text/html; charset=utf-8", b"<html><body><p>Gr&ouml;&szlig;e</p>"),
    ],
)
def test_every_charset_reads_also_a_wrong_one(head: bytes, body: bytes) -> None:
    assert read(HEAD + head + b"\r\n\r\n" + body).text == "Größe"


def test_plain_text_is_preferred_and_attachments_are_named() -> None:
    mail = EmailMessage()
    mail["From"] = "Lena <lena@kunde.example>"
    mail.set_content("Der Text")
    mail.add_alternative("<p>Der andere Text</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Rechnung März.pdf")
    assert read(mail.as_bytes()).text == "Der Text\n\n📎 Rechnung März.pdf"


@pytest.mark.parametrize(
    ("head", "subject", "handle"),
    [
        (b"From: lena@kunde.example\r\nSubject: =?utf-8?q?St=C3=B6rung?=", "Störung", "lena@kunde.example"),
        (b"From: lena@kunde.example\r\nSubject: =?kaputt?q?St=C3?=", "", "lena@kunde.example"),
        (b"From: lena@kunde.example\r\nSubject: =?utf-8?q?zwei=0AZeilen?=", "zwei Zeilen", "lena@kunde.example"),
        (b"From: lena@kunde.example\r\nSubject: St\xf6rung", "St\ufffdrung", "lena@kunde.example"),
        (b"From: =?utf-8?q?L=C3=A9na?= <Lena@Kunde.example>\r\nSubject: a", "a", "Lena@Kunde.example"),
        (b'From: "Kunde, Lena" <lena@kunde.example>\r\nSubject: a', "a", "lena@kunde.example"),
        (b"From: lena@kunde.example (Lena)\r\nSubject: a", "a", "lena@kunde.example"),
    ],
)
def test_broken_headers_are_read_as_far_as_they_go(head: bytes, subject: str, handle: str) -> None:
    event = read(head + b"\r\n\r\nText")
    assert event.author is not None
    assert (event.author.handle, event.author.id) == (handle, handle.lower())
    assert subject in event.subject
    assert "\n" not in event.subject


def test_a_mail_without_an_address_has_no_author_and_is_a_machines() -> None:
    event = read(b"From: <>\r\nSubject: Undelivered\r\n\r\nText")
    assert event.author is None
    assert event.automatic


@pytest.mark.parametrize(
    "body", [b"", b"\r\n\r\n", b"nur Text", b"Subject: ohne Absender\r\n\r\nText", b"\xff\xfe\x00"]
)
def test_what_is_no_mail_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        ADAPTER.parse(body)


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"", b"From: a@b.example\r\n", HEAD, HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"]
    ),
)
@settings(max_examples=400, deadline=None)
def test_no_bytes_crash_the_reader(body: bytes, head: bytes) -> None:
    with contextlib.suppress(Unreadable):
        (event,) = ADAPTER.parse(head + body)
        assert "\x00" not in event.text + event.subject + event.ref.id + event.thread
        (event.text + event.subject + event.ref.id).encode()


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    mail = b"From: a@b.example\r\n\r\nText"
    assert raw(mail).key == raw(mail).key
    assert raw(mail).key != raw(mail + b".").key
    assert read(mail).ref.id.startswith("sha256:")
    assert raw(HEAD + b"\r\nText").key == raw(HEAD + b"X-Other: hop\r\n\r\nText").key


def test_the_time_is_when_it_was_received() -> None:
    received = b"Received: from x by y; Sun, 22 Nov 2026 09:30:00 +0100\r\n"
    assert read(received + HEAD + b"\r\nText").at.isoformat() == "2026-11-22T08:30:00+00:00"
    assert read(HEAD + b"\r\nText").at.isoformat() == "2026-11-22T07:00:00+00:00"
    assert read(b"From: a@b.example\r\nDate: gestern\r\n\r\nText").at.year == 1970
