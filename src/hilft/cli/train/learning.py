"""From data sets to trained parts: exercises are set on questions that their projection never saw."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilft.cli.train.fit import Round, forest, line, projection, ranking
from hilft.cli.train.sets import Set
from hilft.knowledge.evidence import EVIDENCE, RIVALS, ROW, Pool, Side, doubts, evidence, side
from hilft.knowledge.trained import Forest, Trained
from hilft.reading.embedding import Encoder, Vectors
from hilft.reading.letters import BUCKETS, runs

MOST: Final = 60
"""Wordings of a question that the projection learns from."""
ASKING, UNKNOWN, STRAYS = 10, 0.2, 40
"""In an exercise: texts that ask each question, the share of questions left out, and texts that ask none."""
FOREIGN: Final = 0.2
"""Texts from another set that ask none of the questions, as a share of the others."""
SMALL: Final = 12
"""Questions in a small exercise."""
ROUNDS: Final = 4
LIKE_SERVICE, OTHERS = 1.0, 0.4
"""Questions to a company's service weigh more than commands to a loudspeaker."""
WORDINGS: Final = (1, 1, 2, 3, 3, 5, 10, 20)
"""How many wordings a question may have in an exercise."""

Whole = NDArray[np.int64]


class Texts(NamedTuple):
    """A set's texts with their vectors; the number of their question, -1 for none."""

    of: Set
    texts: list[str]
    vectors: Vectors
    question: Whole
    names: list[str]


def learn(sets: Sequence[Set], encoder: Encoder, *, name: str, seed: int = 1, tell: Callable[[str], None]) -> Trained:
    """Everything that matching learns from these sets; the same sets give the same parts."""
    rng = np.random.default_rng(seed)
    every = [_texts(one, encoder) for one in sets]
    rarity = _rarity([text for one in every for text in one.texts])
    names = sorted({name for one in every for name in one.names})
    half = dict(zip(names, rng.permutation(len(names)) % 2, strict=True))
    rounds: list[Round] = []
    for tested in (0, 1):
        seen = projection(*_rows(every, lambda name, tested=tested: half[name] != tested))  # type: ignore[misc]
        sides = [side(one.texts, one.vectors, projection=seen, rarity=rarity) for one in every]
        for one, mine in zip(every, sides, strict=True):
            asked = [number for number, name in enumerate(one.names) if half[name] == tested]
            away = [
                s for o, s in zip(every, sides, strict=True) if o.of.name.split("/")[0] != one.of.name.split("/")[0]
            ]
            if len(asked) > RIVALS + 2 and away:
                rounds += _exercises(one, asked, mine, away[int(rng.integers(len(away)))], rng)
    tell(f"{sum(len(r.right) for r in rounds)} questions asked in {len(rounds)} exercises")
    weights = ranking(rounds)
    plain = np.median(np.concatenate([_sixth(r.found, weights) for r in rounds]), axis=0).astype(np.float32)
    whole = projection(*_rows(every, lambda _name: True))
    return Trained(whole, rarity, weights, plain, *_confidence(rounds, weights), name)


def _texts(one: Set, encoder: Encoder) -> Texts:
    names = [name for name, wordings in one.questions.items() if len(wordings) > 1]
    texts = [text for name in names for text in one.questions[name]]
    owner = [number for number, name in enumerate(names) for _text in one.questions[name]]
    question = np.array(owner + [-1] * len(one.stray))
    return Texts(one, texts + one.stray, encoder.encode(texts + one.stray), question, names)


def _rarity(texts: Sequence[str]) -> Vectors:
    _row, bucket, _times = runs(texts)
    held = np.bincount(bucket, minlength=BUCKETS)
    return np.asarray(np.log((1 + len(texts)) / (1 + held)) + 1, np.float16).astype(np.float32)


def _rows(every: Sequence[Texts], keep: Callable[[str], bool]) -> tuple[Vectors, Whole]:
    """Vectors and labels for the projection; the same question in two languages is one."""
    numbers: dict[str, int] = {}
    vectors, labels = [], []
    for one in every:
        for number, name in enumerate(one.names):
            if keep(name):
                mine = one.vectors[one.question == number][:MOST]
                vectors.append(mine)
                labels += [numbers.setdefault(name, len(numbers))] * len(mine)
    return np.concatenate(vectors), np.array(labels)


def _exercises(one: Texts, asked: list[int], seen: Side, foreign: Side, rng: np.random.Generator) -> list[Round]:
    """By turns one exercise with all of these questions and several with few of them, as where people just began."""
    weight = LIKE_SERVICE if one.of.name.startswith("roboai") else OTHERS
    made = []
    for number in range(ROUNDS * (2 if weight == LIKE_SERVICE else 1)):
        chosen = rng.permutation(asked)
        groups = [chosen] if number % 2 == 0 else np.array_split(chosen, max(1, len(chosen) // SMALL))
        count = 3 if number % 4 == 0 else 0
        fit = [group for group in groups if len(group) > RIVALS + 2]
        made += [_exercise(one, group, count, seen, foreign, weight, rng) for group in fit]
    return made


def _exercise(
    one: Texts, chosen: Whole, count: int, seen: Side, foreign: Side, weight: float, rng: np.random.Generator
) -> Round:
    """Some questions are in the index with a few wordings, others are left out; all are asked, and other things."""
    left_out = set(chosen[: max(1, min(int(UNKNOWN * len(chosen)), len(chosen) - RIVALS - 1))].tolist())
    held, owners, texts, right = [], [], [], []
    known = 0
    for question in chosen.tolist():
        rows = rng.permutation(np.flatnonzero(one.question == question))
        indexed = min(count or int(rng.choice(WORDINGS)), len(rows) - 1)
        if question not in left_out:
            held += rows[:indexed].tolist()
            owners += [known] * indexed
        asking = rows[indexed : indexed + ASKING]
        texts += asking.tolist()
        right += [-1 if question in left_out else known] * len(asking)
        known += question not in left_out
    strays = np.flatnonzero(one.question == -1)
    strays = rng.choice(strays, min(STRAYS, len(strays)), replace=False)
    texts, right = texts + strays.tolist(), right + [-1] * len(strays)
    starts = np.flatnonzero(np.diff(np.array(owners), prepend=-1))
    pool = Pool(part(seen, np.array(held)), starts)
    others = part(foreign, rng.choice(len(foreign.lengths), int(FOREIGN * len(texts)), replace=False))
    found = np.concatenate([evidence(part(seen, np.array(texts)), pool), evidence(others, pool)])
    lengths = np.concatenate([seen.lengths[texts], others.lengths])
    return Round(found, np.array(right + [-1] * len(others.lengths)), lengths, weight)


def part(whole: Side, rows: Whole) -> Side:
    """Some of the texts of a side, in this order."""
    place = np.full(whole.letters.texts, -1)
    place[rows] = np.arange(len(rows))
    kept = place[whole.letters.row] >= 0
    runs_ = whole.letters._replace(
        row=place[whole.letters.row[kept]],
        bucket=whole.letters.bucket[kept],
        weight=whole.letters.weight[kept],
        texts=len(rows),
    )
    first, second, third = (view[rows] for view in whole.views)
    return Side((first, second, third), runs_, whole.lengths[rows])


def _sixth(found: Vectors, weights: Vectors) -> Vectors:
    """The candidate at the end of those that are looked at."""
    scores = found[..., :EVIDENCE] @ weights
    place = np.argsort(-scores, axis=1, kind="stable")[:, RIVALS]
    return np.asarray(found[np.arange(len(found)), place]).reshape(-1, ROW)


def _confidence(rounds: Sequence[Round], weights: Vectors) -> tuple[Vectors, Forest]:
    rows, right, weight = [], [], []
    for r in rounds:
        scores = r.found[..., :EVIDENCE] @ weights
        rows.append(doubts(r.found, scores, r.lengths))
        right.append(scores.argmax(axis=1) == r.right)
        weight.append(np.full(len(r.right), r.weight))
    told = np.concatenate(rows), np.concatenate(right), np.concatenate(weight)
    return line(*told), forest(*told)
