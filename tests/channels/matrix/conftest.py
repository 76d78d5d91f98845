"""The Matrix server of the lane `peers`, one per test process, and the brand's account on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.channels.matrix.world import MatrixWorld
from tests.peers.matrix import Matrix, running_matrix


@pytest.fixture(scope="session")
def matrix() -> Iterator[Matrix]:
    with running_matrix() as server:
        yield server


@pytest.fixture
def world(matrix: Matrix) -> Iterator[MatrixWorld]:
    with contextlib.closing(MatrixWorld(matrix)) as world:
        yield world
