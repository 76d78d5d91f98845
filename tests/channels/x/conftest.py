"""One practice X per module of tests, and the brand's account on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[XWorld]:
    """The brand on a network of its own: no limit is used up, nothing is charged, no clock was moved."""
    with network(tmp_path, "--heartbeat", "0.3") as x, contextlib.closing(XWorld(x)) as world:
        yield world
