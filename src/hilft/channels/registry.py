"""Which adapter serves which kind of channel; adapters are made once per process and configuration."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilft.channels import ledger
from hilft.channels.contract import Channel, Config
from hilft.channels.models import Account
from hilft.channels.removed import Removed
from hilft.channels.secrets import unseal


@dataclass(frozen=True)
class KindOfChannel:
    """A kind of channel as people see it.

    `built_in` lives in our own database and needs no connection; on one that is `spoken`, a person says the reply and
    hilft records it.
    """

    kind: str
    label: str | Promise
    letter: str
    module: str
    built_in: bool = False
    spoken: bool = False


KINDS: Final[dict[str, KindOfChannel]] = {
    kind.kind: kind
    for kind in (
        KindOfChannel("x", "X", "X", "hilft.channels.x.adapter"),
        KindOfChannel("facebook", "Facebook", "f", "hilft.channels.facebook.adapter"),
        KindOfChannel("instagram", "Instagram", "I", "hilft.channels.instagram.adapter"),
        KindOfChannel("mastodon", "Mastodon", "M", "hilft.channels.mastodon.adapter"),
        KindOfChannel("bluesky", "Bluesky", "B", "hilft.channels.bluesky.adapter"),
        KindOfChannel("email", _("E-mail"), "✉", "hilft.channels.email.adapter"),
        KindOfChannel("portal", _("Community"), "C", "hilft.channels.portal.adapter", built_in=True),
        KindOfChannel("phone", _("Phone"), "☎", "hilft.channels.phone.adapter", built_in=True, spoken=True),
        KindOfChannel("matrix", "Matrix", "[m]", "hilft.channels.matrix.adapter"),
        KindOfChannel("rss", _("Feed"), "R", "hilft.channels.rss.adapter"),
    )
}

REMEMBERED: Final = 10
"""Configurations with which one adapter is known: those from before it replaced its own secrets."""

_adapters: dict[int | str, tuple[list[Config], Channel]] = {}
_lock = threading.Lock()


def label(kind: str) -> str:
    """The channel's name for people; a removed adapter's kind still reads."""
    return str(KINDS[kind].label) if kind in KINDS else kind


def built_in(kind: str) -> bool:
    """Whether accounts of this kind are hilft's own: nobody connects, pauses or removes them."""
    return kind in KINDS and KINDS[kind].built_in


def spoken(kind: str) -> bool:
    """Whether replies on this kind of channel are said by a person."""
    return kind in KINDS and KINDS[kind].spoken


def config_of(account: Account) -> Config:
    """The account as its adapter sees it."""
    return Config(
        account=str(account.pk),
        handle=account.handle,
        settings=account.settings,
        secrets=unseal(bytes(account.secrets)),
        facts=ledger.values(account.kind),
    )


def adapter_of(account: Account) -> Channel:
    """The account's adapter: the same object while its configuration stays the same; one for removed kinds, too."""
    return _adapter(account.pk, account.kind, config_of(account))


def sample(kind: str) -> Channel:
    """An adapter of this kind for nobody's account, to be asked what its network allows at all; it calls nobody."""
    config = Config(account="", handle="", settings=defaultdict(str), facts=ledger.values(kind))
    return _adapter(kind, kind, config)


def _adapter(key: int | str, kind: str, config: Config) -> Channel:
    with _lock:
        known = _adapters.get(key)
        if known and config in known[0]:
            return known[1]
        adapter: Channel = import_module(KINDS[kind].module).Adapter(config) if kind in KINDS else Removed(config)
        _adapters[key] = ([config], adapter)
    if known:
        known[1].close()
    return adapter


def keep_adapter(account: Account, adapter: Channel) -> None:
    """Goes on with an adapter that has replaced its own secrets, also for whoever has read the old ones."""
    config = config_of(account)
    with _lock:
        known = _adapters.get(account.pk)
        if known and known[1] is adapter:
            _adapters[account.pk] = ([*known[0][-REMEMBERED:], config], adapter)
