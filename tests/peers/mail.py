"""A mail server: Dovecot keeps the mailboxes, an SMTP server with passwords feeds it."""

from __future__ import annotations

import contextlib
import email.utils
import grp
import imaplib
import os
import pwd
import shutil
import smtplib
import ssl
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.peers.process import PATIENCE, free_port, running

DOMAIN = "telko.example"
BRAND = f"hilfe@{DOMAIN}"
PASSWORD = "pw"
SENT = "Sent"

CONFIG = """
base_dir = {state}/dc/
state_dir = {state}/dc/state
log_path = {state}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{state}/cert.pem
ssl_key = <{state}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{state}/box/%u
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {user}
mail_gid = {group}
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {state}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={state}/box/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
  mailbox {sent} {{
    auto = create
  }}
}}
"""


@dataclass
class Mail:
    """A running mail server; every address of the domain is a mailbox."""

    state: Path
    imap_port: int
    lmtp_port: int
    smtp_port: int
    imaps_port: int
    smtps_port: int
    starttls_port: int
    passwords: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    """Answers to RCPT by address, for mailboxes that are full or gone."""
    files_sent: threading.Event = field(default_factory=threading.Event)
    """While set, mails of authenticated senders are filed among their sent ones."""

    @property
    def authority(self) -> Path:
        """The certificate that vouches for this server."""
        return self.state / "cert.pem"

    def allow(self, address: str, password: str = PASSWORD) -> None:
        """Gives a mailbox a password, or another one."""
        self.passwords[address] = password
        users = self.state / "users"
        (self.state / "users.new").write_text(
            "".join(f"{name}:{word}::::::\n" for name, word in self.passwords.items())
        )
        (self.state / "users.new").chmod(0o644)
        (self.state / "users.new").replace(users)

    def deliver(self, to: str, mail: bytes, sender: str = "") -> None:
        """Puts a mail into a mailbox as the outside world would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as server:
            server.sendmail(sender or "someone@kunde.example", [to], mail)

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """All mails of a mailbox."""
        with self._open(address) as box:
            box.select(folder, readonly=True)
            _, data = box.fetch("1:*", "(BODY.PEEK[])") if box.search(None, "ALL")[1] != [b""] else ("", [])
            return [part[1] for part in data if isinstance(part, tuple)]

    def seen(self, address: str) -> list[bytes]:
        """The mails that are marked as seen."""
        with self._open(address) as box:
            box.select("INBOX", readonly=True)
            numbers = box.search(None, "SEEN")[1][0].split()
            data = box.fetch(b",".join(numbers).decode(), "(BODY.PEEK[])")[1] if numbers else []
            return [part[1] for part in data if isinstance(part, tuple)]

    def renumber(self, address: str) -> None:
        """Gives the mailbox another UIDVALIDITY, as a restored backup has."""
        with self._open(address) as box:
            box.create("Backup")
            count = int((box.select("INBOX")[1][0] or b"0").decode())
            if count:
                box.copy("1:*", "Backup")
                box.store("1:*", "+FLAGS", r"\Deleted")
                box.expunge()
        next((self.state / "box" / address).glob("dovecot-uidlist")).unlink()
        for index in (self.state / "box" / address).glob("dovecot*"):
            index.unlink()
        with self._open(address) as box:
            box.select("Backup")
            box.copy("1:*", "INBOX")

    @contextlib.contextmanager
    def _open(self, address: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.imap_port) as box:
            box.login(address, self.passwords[address])
            yield box


def question(text: str, *, sender: str = "Lena Kunde <lena@kunde.example>", to: str = BRAND, **headers: str) -> bytes:
    """A customer's mail; header names with underscores for hyphens."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = headers.pop("Subject", "Störung")
    mail["Date"] = email.utils.localtime()
    mail["Message-ID"] = headers.pop("Message_ID", f"<{uuid.uuid4().hex}@kunde.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


class _Handler:
    """Takes mail from those who know their password and hands it to Dovecot."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self._mail.refusals:
            return self._mail.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        with smtplib.LMTP("127.0.0.1", self._mail.lmtp_port) as lmtp:
            lmtp.sendmail(envelope.mail_from or "", envelope.rcpt_tos, content)
        if self._mail.files_sent.is_set():
            with self._mail._open(envelope.mail_from or "") as box:
                box.append(SENT, r"\Seen", imaplib.Time2Internaldate(email.utils.localtime()), content)
        return "250 2.0.0 Taken"


def _authenticated(mail: Mail) -> Callable[..., AuthResult]:
    def ask(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        known = isinstance(data, LoginPassword) and mail.passwords.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=known, handled=False)

    return ask


@contextlib.contextmanager
def running_mail(brand: str = BRAND) -> Iterator[Mail]:
    """Starts Dovecot and an SMTP server on free ports; the brand's mailbox has the password `pw`."""
    dovecot = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if dovecot is None:
        raise RuntimeError("Dovecot is missing: install dovecot-imapd and dovecot-lmtpd.")
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    group = "nogroup" if os.geteuid() == 0 else _group()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        state = Path(folder)
        for path in (state, state / "dc", state / "box"):
            path.mkdir(exist_ok=True)
            path.chmod(0o777)
        _certify(state)
        mail = Mail(
            state,
            imap_port=free_port(),
            lmtp_port=free_port(),
            smtp_port=free_port(),
            imaps_port=free_port(),
            smtps_port=free_port(),
            starttls_port=free_port(),
        )
        mail.allow(brand)
        mail.allow(f"lena@{DOMAIN}")
        config = state / "dovecot.conf"
        values = {
            "imap": mail.imap_port,
            "imaps": mail.imaps_port,
            "lmtp": mail.lmtp_port,
            "sent": SENT,
            "user": user,
            "group": group,
        }
        config.write_text(CONFIG.format(state=state, **values))
        with running([dovecot, "-F", "-c", str(config)], port=mail.imap_port, log=state / "out.log"), _smtp(mail):
            yield mail


@contextlib.contextmanager
def _smtp(mail: Mail) -> Iterator[None]:
    """Three doors to the same server: plain, TLS from the start, and STARTTLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(mail.state / "cert.pem", mail.state / "key.pem")
    doors: list[tuple[int, dict[str, Any]]] = [
        (mail.smtp_port, {}),
        (mail.smtps_port, {"ssl_context": context}),
        (mail.starttls_port, {"tls_context": context, "require_starttls": True}),
    ]
    with contextlib.ExitStack() as stack:
        for port, options in doors:
            options |= {"authenticator": _authenticated(mail), "auth_require_tls": False}
            controller = Controller(_Handler(mail), hostname="127.0.0.1", port=port, ready_timeout=PATIENCE, **options)
            controller.start()
            stack.callback(controller.stop)
        yield


def _certify(state: Path) -> None:
    """A certificate for loopback that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.telko.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (state / "key.pem").write_bytes(private)
    (state / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _group() -> str:
    return grp.getgrgid(os.getegid()).gr_name
