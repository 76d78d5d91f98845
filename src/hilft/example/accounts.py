"""The example's accounts: which practice peer each is connected to, and how the peers learn where to reach us."""

import os
from collections.abc import Mapping
from typing import Final, NamedTuple

from django.db import transaction

from hilft.base.queue import enqueue
from hilft.channels.commands import connect_account
from hilft.channels.graph import connecting as graph
from hilft.channels.graph.network import FACEBOOK, INSTAGRAM
from hilft.channels.models import Account
from hilft.channels.registry import config_of
from hilft.channels.x import connecting
from hilft.practice.accounts import BRAND, brand_token, x_keys
from hilft.practice.meta import people

BRAND_MAIL: Final = "kontakt@nordnetz.example"
HOOKED: Final = ("x", "facebook", "instagram")
X_SECRETS: Final = ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "client_secret")


class Peers(NamedTuple):
    """Where this start's practice peers listen, and where they reach our own processes."""

    mastodon: str
    x: str
    meta: str
    hooks: str
    smtp_port: int
    receiver_port: int
    crm: str = ""


class Presence(NamedTuple):
    """An account of the example as the operator of NordNetz would have connected it."""

    name: str
    handle: str
    network: str
    settings: Mapping[str, object]
    secrets: Mapping[str, str]


def connect_all(peers: Peers) -> None:
    """Connects what is not connected yet, and points what is at this start's peers, whose ports may have changed.

    What an operator changed or removed stays so.
    """
    earlier = ""
    with transaction.atomic():
        known = {account.kind: account for account in Account.objects.filter(settings__example=True).order_by("pk")}
        for kind, presence in _presences().items():
            account = known.get(kind)
            if account is None:
                _connect(kind, presence, peers)
                continue
            earlier = str(account.settings.get("hooks", "")) or earlier
            account.settings |= _where(kind, peers)
            account.save(update_fields=["settings"])
        enqueue("example.introduce", hooks=peers.hooks, earlier="" if earlier == peers.hooks else earlier)


def introduce(*, hooks: str, earlier: str = "") -> None:
    """Has the practice networks tell our hooks process what happens; each asks it for proof first.

    `earlier` is where they told it before. Raises ChannelError while one of them, or the process, is not there yet.
    """
    for account in Account.objects.in_use().filter(settings__example=True, kind__in=HOOKED).order_by("pk"):
        config, path = config_of(account), f"/hooks/{account.kind}/"
        if account.kind == "x":
            if earlier:
                connecting.disconnect(config, earlier + path)
            connecting.connect(config, hooks + path)
        else:
            graph.connect(config, FACEBOOK if account.kind == "facebook" else INSTAGRAM, hooks + path)


def _connect(kind: str, presence: Presence, peers: Peers) -> None:
    connect_account(
        by=None,
        kind=kind,
        name=presence.name,
        handle=presence.handle,
        network=presence.network,
        settings={"example": True, **presence.settings, **_where(kind, peers)},
        secrets=dict(presence.secrets),
    )


def _presences() -> dict[str, Presence]:
    """By kind of channel. Webhooks tell at once what happens; looking every other minute fills their gaps."""
    keys = x_keys()._asdict()
    page = {"page_id": people.PAGE_ID, "app_id": people.APP_ID, "human_agent": True, "posts": 25, "poll_seconds": 120}
    meta = {
        "page_token": people.page_token(),
        "app_secret": people.app_secret(),
        "verify_token": people.VERIFY_TOKEN,
    }
    mail = {"address": BRAND_MAIL, "name": "NordNetz hilft", "inbound": "receiver", "receiver_protocol": "smtp"}
    mail |= {"receiver_host": "127.0.0.1", "smtp_host": "127.0.0.1", "smtp_tls": "none"}
    return {
        "mastodon": Presence("NordNetz auf Mastodon", BRAND, "practice", {}, {"access_token": brand_token()}),
        "email": Presence("Kundenpost", BRAND_MAIL, "", mail, {"token_key": os.urandom(16).hex()}),
        "portal": Presence("NordNetz hilft", "NordNetz-Team", "", {}, {}),
        "x": Presence(
            "NordNetz auf X",
            f"@{BRAND}",
            "",
            {"budget_usd_a_day": 50.0, "poll_seconds": 120, "stream": False, "messages": True},
            {name: keys[name] for name in X_SECRETS},
        ),
        "facebook": Presence("NordNetz auf Facebook", people.PAGE_NAME, people.PAGE_ID, page, meta),
        "instagram": Presence(
            "NordNetz auf Instagram", f"@{people.USERNAME}", "", page | {"instagram_id": people.INSTAGRAM_ID}, meta
        ),
    }


def _where(kind: str, peers: Peers) -> dict[str, object]:
    """The settings that may change with every start."""
    if kind == "email":
        return {"receiver_port": peers.receiver_port, "smtp_port": peers.smtp_port}
    addresses = {"mastodon": peers.mastodon, "x": peers.x, "facebook": peers.meta, "instagram": peers.meta}
    where: dict[str, object] = {"base_url": addresses[kind]} if kind in addresses else {}
    return where | ({"hooks": peers.hooks} if kind in HOOKED else {})
