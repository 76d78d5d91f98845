"""Runs of letters: what two texts share, and how much it counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.reading.letters import BUCKETS, letters, runs, shared

EVEN = np.ones(BUCKETS, np.float32)


def test_the_same_text_shares_everything_and_another_one_less():
    same, part, other = shared(letters(["Router blinkt"], EVEN), letters(["router  BLINKT", "Router?", "xyz"], EVEN))[0]
    assert same == pytest.approx(1, abs=1e-5)
    assert 0.3 < part < 0.9
    assert other == 0


def test_what_is_rare_counts_more():
    rare = EVEN.copy()
    _row, bucket, _times = runs(["Vertrag"])
    rare[bucket] = 9
    texts = ["Vertrag kosten", "Router kosten"]
    before = shared(letters(["Vertrag bitte"], EVEN), letters(texts, EVEN))[0]
    after = shared(letters(["Vertrag bitte"], rare), letters(texts, rare))[0]
    assert after[0] > before[0]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_texts_can_be_compared(texts: list[str]):
    found = shared(letters(texts, EVEN), letters(texts, EVEN))
    assert found.shape == (len(texts), len(texts))
    assert np.isfinite(found).all()
    assert found.max() <= 1 + 1e-5
