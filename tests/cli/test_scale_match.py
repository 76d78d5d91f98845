"""The benchmark of a large stock, at a size of seconds: what is generated is what is counted and found."""

import json
from pathlib import Path

import numpy as np
import pytest

from hilft.cli.bench import scale_match
from hilft.cli.bench.scale_match.meaning import Made, Meaning, Words
from hilft.cli.instance import Trouble
from tests.apart import database_apart, run_apart

RUN = """
import json
from hilft.cli.bench.scale_match import again, run
from hilft.cli.bench.scale_match.meaning import Made
from hilft.cli.bench.scale_match.stock import Size
from hilft.knowledge.matching import Matcher, present
from hilft.knowledge.models import Wording
from hilft.inbox.models import Message
run.present = lambda: present()._replace(encoder=Made(present().encoder.name))
run.ASKED, run.EXACT, run.TIMES = 10, 10, 2
result = run.run(Size(300, 3000, 5000))
print(json.dumps([result, Wording.objects.count(), Message.objects.count()]))
"""


def test_a_small_stock_is_built_asked_and_read_again():
    with database_apart() as environment:
        result, wordings, messages = json.loads(run_apart(environment | {"HILFT_DEBUG": "1"}, RUN))
    assert (result["questions"], result["wordings"], result["messages"]) == (300, 3000, 5000)
    assert (wordings, messages) == (3002, 5000)
    assert result["recall_at_10"] > 0.9
    assert result["resumed"] == "true"
    kinds = ("proposed", "asked", "contradiction", "due", "flagged", "two", "unused")
    pages = ("questions", "search", "question", "groups", "matching")
    assert [name for name in result if name.endswith("_p95_ms")] == [
        "match_p95_ms",
        *(f"worklist_{kind}_p95_ms" for kind in kinds),
        *(f"page_{page}_p95_ms" for page in pages),
        "match_while_reembedding_p95_ms",
    ]


def test_wordings_of_a_question_are_nearer_than_others_of_its_topic():
    meaning = Meaning(Made("any"), np.random.default_rng(1))
    questions = meaning.draw_questions(400)
    one, two = meaning.draw_wordings(questions), meaning.draw_wordings(questions)
    assert one.shape == (400, 896)
    assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)
    same, topic, other = (float((one * two[places]).sum(1).mean()) for places in _places())
    assert same > topic + 0.01
    assert topic > other


def _places() -> list[np.ndarray]:
    """Of 400 questions in two topics: each itself, the next one of its topic, and one of the other topic."""
    each = np.arange(400)
    return [each, each // 200 * 200 + (each + 1) % 200, (each + 200) % 400]


def test_each_way_of_asking_is_another_text():
    words = Words(np.random.default_rng(1))
    spoken = words.draw_questions(50)
    texts = [text.decode() for nth in range(10) for text in words.ask(spoken, nth)]
    assert {len(text.encode()) for text in texts} == {63}
    assert {len(text.split()) for text in texts} == {8}
    assert len({(number % 50, text) for number, text in enumerate(texts)}) == 500


@pytest.mark.parametrize("text", ["no", "[]", '{"questions": 10}', '{"questions": 3, "wordings": 10, "messages": 1}'])
def test_sizes_that_make_no_sense_are_refused(tmp_path: Path, text: str):
    file = tmp_path / "sizes.json"
    file.write_text(text)
    with pytest.raises(Trouble):
        scale_match.measure(file)
