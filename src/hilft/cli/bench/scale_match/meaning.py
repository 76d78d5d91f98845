"""Generated vectors that are as hard to tell apart as real ones.

Taken from the example workspace's wordings, as both encoders see them: their mean, and how topics lie around it,
questions around their topic and wordings around their question. A generated vector is the mean with one part of each,
drawn from a normal distribution of the same covariance; some wordings lie nearer to their question than others, as in
reality. Searched (projected), real wordings of one question have a cosine of .53 to each other (nine of ten pairs lie
between .37 and .72), those of two questions of one topic .47, those of different topics .43; generated ones have .54
(.36 to .71), .46 and .43. So much lies about as near as what is meant: an index that finds well separated
groups would prove nothing.
"""

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np

from hilft.knowledge.evidence import FIRST
from hilft.reading.embedding import Encoder, Vectors, unit

OF_A_TOPIC: Final = 200
"""Questions that lie near each other."""
UNEVEN, WIDER = 0.3, 1.1
"""How unevenly far wordings lie from their question (the spread of the distance's logarithm), and all farther."""


class Meaning:
    """Draws questions, and ways of asking them."""

    def __init__(self, encoder: Encoder, random: np.random.Generator) -> None:
        from hilft.example.content import questions

        self.random = random
        known = [(question.topic, encoder.encode(list(question.wordings))) for question in questions()]
        self.mean = np.concatenate([vectors for _topic, vectors in known]).mean(axis=0)
        middles = np.stack([vectors.mean(axis=0) for _topic, vectors in known])
        names = np.array([topic for topic, _vectors in known])
        topics = {name: middles[names == name].mean(axis=0) for name in sorted(set(names))}
        self.topics: Vectors = np.asarray(np.stack(list(topics.values())) - self.mean, np.float32)
        self.questions: Vectors = np.asarray(middles - np.stack([topics[name] for name in names]), np.float32)
        self.wordings: Vectors = np.concatenate([_apart(vectors) for _topic, vectors in known])

    def draw_questions(self, count: int) -> Vectors:
        """Where questions lie, neighbours in number within one topic: `(count, dimensions)`."""
        topics = self._drawn(self.topics, -(-count // OF_A_TOPIC))
        around = np.repeat(topics, OF_A_TOPIC, axis=0)[:count]
        return np.asarray(self.mean + around + self._drawn(self.questions, count), np.float32)

    def draw_wordings(self, questions: Vectors) -> Vectors:
        """One way of asking each of these questions, as the encoders would see it."""
        far = np.exp(UNEVEN * self.random.standard_normal((len(questions), 1), np.float32) - UNEVEN**2)
        drawn = np.asarray(questions + WIDER * far * self._drawn(self.wordings, len(questions)), np.float32)
        halves = [unit(drawn[:, :FIRST]), unit(drawn[:, FIRST:])]
        return np.asarray(np.hstack(halves) / np.sqrt(2), np.float32)

    def _drawn(self, rows: Vectors, count: int) -> Vectors:
        """From a normal distribution with the covariance of these rows."""
        parts = self.random.standard_normal((count, len(rows)), np.float32)
        return np.asarray(parts @ (rows / np.sqrt(len(rows))).astype(np.float32), np.float32)


def _apart(vectors: Vectors) -> Vectors:
    """How a question's wordings differ from their middle, as far as if the middle were known."""
    return np.asarray((vectors - vectors.mean(axis=0)) * np.sqrt(len(vectors) / (len(vectors) - 1)), np.float32)


class Words:
    """Texts of eight words, all of the same length in bytes, so that rows can be laid out as one array."""

    COUNT: Final = 8

    def __init__(self, random: np.random.Generator) -> None:
        from hilft.example.content import questions

        self.random = random
        words = {word for question in questions() for text in question.wordings for word in text.split()}
        fitting = sorted(word for word in words if word.isalpha() and len(word.encode()) == 7)
        self.words = np.array([f"{word} ".encode() for word in fitting])

    def draw_questions(self, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """Which words each question is made of."""
        return self.random.integers(len(self.words), size=(count, self.COUNT))

    def ask(
        self, questions: np.ndarray[tuple[int, int], np.dtype[np.int64]], nth: int
    ) -> np.ndarray[tuple[int], np.dtype[np.bytes_]]:
        """The nth way of asking these: half of the words are others, the last one is always the nth."""
        other = self.draw_questions(len(questions))
        chosen = np.where(self.random.random(questions.shape) < 0.5, questions, other)
        chosen[:, -1] = nth % len(self.words)
        whole = np.ascontiguousarray(self.words[chosen]).view(f"S{8 * self.COUNT}")[:, 0]
        return whole.astype(f"S{8 * self.COUNT - 1}")


class Made:
    """An encoder for generated texts, whose vectors it knows as if it had just read them; others have one by hash."""

    dimensions = 896

    def __init__(self, name: str) -> None:
        self.name = name
        self.vectors: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Without any work to speak of."""
        known = [self.vectors[text] if text in self.vectors else self._by_hash(text) for text in texts]
        return np.stack(known) if known else np.zeros((0, self.dimensions), np.float32)

    def _by_hash(self, text: str) -> Vectors:
        drawn = np.random.default_rng(crc32(f"{self.name} {text}".encode())).standard_normal(
            self.dimensions, np.float32
        )
        return unit(drawn)
