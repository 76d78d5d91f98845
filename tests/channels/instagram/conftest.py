"""The practice network of Meta, a receiver for what it sends, and the brand's Instagram account there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.channels.instagram.world import InstagramWorld
from tests.practice.meta.conftest import Meta, meta, receiver, server

__all__ = ["meta", "receiver", "server", "world"]


@pytest.fixture
def world(meta: Meta) -> Iterator[InstagramWorld]:
    with contextlib.closing(InstagramWorld(meta)) as world:
        yield world
