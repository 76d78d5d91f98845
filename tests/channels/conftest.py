"""The peers of the channel tests, one each per test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.peers.mail import Mail, running_mail
from tests.peers.mastodon import Mastodon, running_mastodon


@pytest.fixture(scope="session")
def mastodon() -> Iterator[Mastodon]:
    with running_mastodon() as server:
        yield server


@pytest.fixture(scope="session")
def mail() -> Iterator[Mail]:
    with running_mail() as server:
        yield server


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """What adapters tell people is compared in English, whatever the installation speaks."""
    with translation.override("en"):
        yield
