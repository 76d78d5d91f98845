"""The brand's mailbox on the mail server, as an account of the e-mail channel is set up for it."""

from typing import Any

from hilft.channels.commands import connect_account
from hilft.channels.models import Account
from tests.peers.mail import BRAND, PASSWORD, Mail

SECRETS = {"imap_password": PASSWORD, "smtp_password": PASSWORD, "token_key": "a key"}


def settings(server: Mail, **changed: Any) -> dict[str, Any]:
    """What a person would enter; `changed` says what is other than usual."""
    usual = {
        "address": BRAND,
        "name": "Telko hilft",
        "inbound": "imap",
        "imap_host": "127.0.0.1",
        "imap_port": server.imap_port,
        "imap_tls": "none",
        "smtp_host": "127.0.0.1",
        "smtp_port": server.smtp_port,
        "smtp_tls": "none",
        "smtp_user": BRAND,
        "smtp_timeout_seconds": 5,
    }
    return usual | changed


def connected(server: Mail, **changed: Any) -> Account:
    """The account itself, connected."""
    values = settings(server, **changed)
    return connect_account(by=None, kind="email", name="Post", handle=BRAND, settings=values, secrets=SECRETS)
