"""From evidence to an order of questions, each with how likely it is that the text asks it."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from hilft.knowledge.calibration import Curve, log_odds
from hilft.knowledge.evidence import Pool
from hilft.reading.embedding import Vectors

FAR, STRIKE = 0.75, 12.0
"""From which likeness on a text that was called wrong counts against its question, and how much the same text does."""


class Ranked(NamedTuple):
    """A question that the text may ask: the wording nearest to it, how likely it is right, and how alike they are."""

    question: int
    wording: int
    score: float
    similarity: float


class Candidates(NamedTuple):
    """The questions that own the wordings nearest to a text, and these wordings, sorted by question."""

    questions: list[int]
    wordings: list[int]
    pool: Pool
    similarity: Vectors

    def nearest(self, place: int) -> tuple[int, float]:
        """The wording of the question at this place that is most like the text."""
        ends = (*self.pool.starts.tolist(), len(self.wordings))
        part = self.similarity[ends[place] : ends[place + 1]]
        return self.wordings[ends[place] + int(part.argmax())], float(part.max())


def ranked(
    found: Candidates, scores: Vectors, chance: float, strike: Vectors, curve: Curve
) -> tuple[list[Ranked], float]:
    """Best first, with the likelihood of the first before it is bent by the curve.

    `chance` is that of the highest score; the odds of others are less by how far their scores fall behind.
    """
    before = int(scores.argmax())
    left = scores - strike
    order = sorted(range(len(scores)), key=lambda place: (-left[place], found.questions[place]))
    best = order[0]
    own = chance if best == before else min(chance * math.exp(scores[best] - scores[before]), 1 - chance)
    unbent = 1 / (1 + math.exp(float(strike[best]) - log_odds(own)))
    sure = curve.bent(unbent)
    every = []
    for place in order:
        likely = sure if place == best else min(sure * math.exp(left[place] - left[best]), 1 - sure)
        every.append(Ranked(found.questions[place], found.nearest(place)[0], likely, found.nearest(place)[1]))
    return every, unbent


def strikes(questions: Sequence[int], misses: Mapping[int, float]) -> Vectors:
    """What people's objections to similar texts take from each question's score."""
    near = np.array([misses.get(question, 0.0) for question in questions], np.float32)
    return np.asarray(STRIKE * np.maximum(near - FAR, 0) / (1 - FAR), np.float32)
