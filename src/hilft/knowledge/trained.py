"""The trained parts of matching as arrays: how texts are compared, candidates ranked, and how sure the first one is."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilft.knowledge.evidence import EVIDENCE, RIVALS, ROW, Pool, Side, doubts, evidence, side
from hilft.reading.embedding import Vectors

SHIPPED = Path(__file__).parent / "weights" / "matching.npz"
MANIFEST = SHIPPED.with_suffix(".json")

Whole = NDArray[np.int64]


class Forest(NamedTuple):
    """Boosted trees that ask the same question on each level: which number, from where on, and what the leaves add."""

    feature: Whole
    threshold: Vectors
    leaf: Vectors
    start: Vectors

    def total(self, rows: Vectors) -> Vectors:
        """The log-odds of each row."""
        above = rows[:, self.feature] > self.threshold
        place = (above * (1 << np.arange(self.feature.shape[1]))).sum(axis=2)
        return np.asarray(self.start[0] + self.leaf[np.arange(len(self.leaf)), place].sum(axis=1), np.float32)


class Trained(NamedTuple):
    """Everything that was learned; `plain` is the row of an unremarkable candidate, for pools that have too few."""

    projection: Vectors
    rarity: Vectors
    ranking: Vectors
    plain: Vectors
    line: Vectors
    forest: Forest
    name: str

    def side(self, texts: list[str], vectors: Vectors) -> Side:
        """Texts and their vectors as this matcher sees them."""
        return side(texts, vectors, projection=self.projection, rarity=self.rarity)

    def judge(self, asked: Side, pool: Pool) -> tuple[Vectors, Vectors]:
        """Scores `(texts, questions)`, and for each text how likely it is that the first one is right."""
        found = evidence(asked, pool)
        missing = RIVALS + 1 - found.shape[1]
        padded = found
        if missing > 0:
            others = np.broadcast_to(self.plain, (len(found), missing, ROW))
            padded = np.concatenate([found, others], axis=1)
        scores = self.scores(found)
        return scores, self.chance(padded, self.scores(padded), asked.lengths)

    def scores(self, found: Vectors) -> Vectors:
        """What ranks the candidates."""
        return np.asarray(found[..., :EVIDENCE] @ self.ranking, np.float32)

    def chance(self, found: Vectors, scores: Vectors, lengths: Vectors) -> Vectors:
        """Probability that the best one is right: what trees and a line say, in the middle of their log-odds."""
        rows = doubts(found, scores, lengths)
        odds = (self.forest.total(rows) + rows @ self.line[:-1] + self.line[-1]) / 2
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def packed(trained: Trained) -> bytes:
    """As the bytes of one file; the same parts give the same bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "projection": trained.projection.astype(np.float16),
        "rarity": trained.rarity.astype(np.float16),
        "ranking": trained.ranking.astype(np.float32),
        "plain": trained.plain.astype(np.float32),
        "line": trained.line.astype(np.float32),
        **{f"forest_{name}": part for name, part in trained.forest._asdict().items()},
    }
    buffer = BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpacked(arrays: Mapping[str, NDArray[Any]], name: str) -> Trained:
    """Back from the arrays of a file."""
    wide = {key: np.asarray(value, np.float32) for key, value in arrays.items()}
    forest = Forest(
        np.asarray(arrays["forest_feature"], np.int64),
        wide["forest_threshold"],
        wide["forest_leaf"],
        wide["forest_start"],
    )
    return Trained(wide["projection"], wide["rarity"], wide["ranking"], wide["plain"], wide["line"], forest, name)


def loaded(parts: bytes, name: str) -> Trained:
    """Back from the bytes of a file."""
    with np.load(BytesIO(parts), allow_pickle=False) as arrays:
        return unpacked({key: arrays[key] for key in arrays.files}, name)


@cache
def shipped() -> Trained:
    """The parts that come with the product, loaded at first use."""
    return loaded(SHIPPED.read_bytes(), shipped_name())


@cache
def shipped_name() -> str:
    """By which the readings of these parts are known."""
    import json

    return str(json.loads(MANIFEST.read_text(encoding="utf-8"))["name"])
