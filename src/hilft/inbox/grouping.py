"""Questions that nothing fits, put together by meaning and named by their own words: pure functions."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from hilft.reading.embedding import Vectors

NEAR = 0.75
"""Similarity, as the matcher's projection has it, from which two ask the same: of held-back pairs of the developer data
48 % of those that do, and 8 in 1,000 of those that do not."""

LEAST = 3
"""Conversations that make a group: what two people ask may be chance."""

TERMS = 3
WORD = re.compile(r"[^\W\d_]{3,}")
EMPTY = frozenset(
    WORD.findall(
        "aber alle als auch auf aus bei bin bitte dann das dass dem den der des die dies diese doch ein eine "
        "einem einen einer für habe haben hat hier ich ihr ihre immer ist jetzt kann kein keine man mein "
        "meine meinem meinen meiner mich mir mit muss nach neu neue neuen neuer neues nicht noch nur oder "
        "ohne schon sein seit sich sie sind und uns unser vom von vor wann warum was welche wenn wer werden "
        "wie wir wird wurde zum zur über and are can does for from has have how isn its myself not our out "
        "the this that what when where which why will with would you your"
    )
)
"""Words that name nothing, in both languages: few texts cannot tell by their counts alone."""


def clusters(vectors: Vectors, *, near: float = NEAR, least: int = LEAST) -> list[list[int]]:
    """Groups of row numbers, the densest first: a row with all its neighbours that no earlier group took.

    `vectors` are unit vectors, one row a text; `(n, n)` similarities are held at once.
    """
    if not len(vectors):
        return []
    neighbours = vectors @ vectors.T >= near
    free = np.ones(len(vectors), bool)
    found: list[list[int]] = []
    while True:
        counts = (neighbours & free[None, :]).sum(axis=1) * free
        densest = int(counts.argmax())
        if counts[densest] < least:
            return found
        group = np.flatnonzero(neighbours[densest] & free)
        found.append([densest, *(int(i) for i in group if i != densest)])
        free[group] = False


def name_of(texts: Sequence[str], everything: Collection[str]) -> str:
    """The words that set these texts apart from everything asked, as they are written there most often."""
    background = Counter(word for text in everything for word in set(_words(text)))
    among = Counter(word for text in texts for word in set(_words(text)))
    written = Counter(word for text in texts for word in WORD.findall(text))
    spelling = {word.lower(): word for word, _n in reversed(written.most_common())}
    weights = {word: n * math.log((1 + len(everything)) / (1 + background[word])) for word, n in among.items() if n > 1}
    best = sorted(weights, key=lambda word: (-weights[word], word))[:TERMS]
    return " · ".join(spelling[word] for word in best) or " ".join(texts[0].split())[:60]


def successor(members: Collection[int], groups: Mapping[int, Collection[int]]) -> int | None:
    """Which earlier group this one continues: the one that shares most members, more than half of either."""
    shared = {key: len(set(members) & set(old)) for key, old in groups.items()}
    best = max(shared, key=lambda key: (shared[key], -key), default=None)
    if best is None or 2 * shared[best] <= min(len(members), len(groups[best])):
        return None
    return best


def _words(text: str) -> list[str]:
    return [word for word in map(str.lower, WORD.findall(text)) if word not in EMPTY]
