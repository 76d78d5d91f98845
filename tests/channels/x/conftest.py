"""One practice X per module of tests, and the brand's account on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.channels.x.world import XWorld
from tests.practice.x.conftest import X, network


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X]:
    with network(tmp_path_factory.mktemp("x"), "--heartbeat", "0.3") as x:
        yield x


@pytest.fixture
def world(running: X) -> Iterator[XWorld]:
    running.faults()
    running.clock(0)
    with contextlib.closing(XWorld(running)) as world:
        yield world
    running.faults()
    running.clock(0)
