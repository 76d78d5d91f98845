"""The practice network of Meta, a receiver for what it sends, and the brand's page there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.channels.facebook.world import FacebookWorld
from tests.practice.meta.conftest import Meta, meta, receiver, server

__all__ = ["meta", "receiver", "server", "world"]


@pytest.fixture
def world(meta: Meta) -> Iterator[FacebookWorld]:
    with contextlib.closing(FacebookWorld(meta)) as world:
        yield world
