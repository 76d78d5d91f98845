"""Another reader takes over: in small steps, broken off at any of them, with the former one answering meanwhile."""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.audit.models import Entry
from hilft.base.queue import enqueue
from hilft.knowledge.commands import add_miss, add_wording, remove_wording, restore_wording
from hilft.knowledge.matching import Matcher, embed_pending, matcher_of, present, suggest
from hilft.knowledge.models import Matching, Wording
from hilft.knowledge.readers import Reader, Reading
from hilft.knowledge.rereading import PORTION, Progress, advance, progress, unfinished
from hilft.knowledge.tasks import look_for_reader, read_again
from hilft.knowledge.trained import shipped
from tests import factories
from tests.apart import database_apart, run_apart

TITLES = (
    "Router blinkt nach dem Umzug nur orange. Was kann ich tun?",
    "Wie kündige ich meinen Vertrag?",
    "Kann ich meine Rufnummer mitnehmen?",
)
ASKED = "mein router leuchtet seit dem umzug orange"


class Noting:
    """An encoder that notes what it is asked to read, with a name of its own; slow where that is wished for."""

    dimensions = 896

    def __init__(self, name: str = "other", file: Path | None = None, pause: float = 0.0) -> None:
        self.name, self.file, self.pause = name, file, pause
        self.read: list[str] = []

    def encode(self, texts):
        for text in texts:
            self.read.append(text)
            if self.file:
                with self.file.open("a") as file:
                    file.write(json.dumps(text) + "\n")
            time.sleep(self.pause)
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, 896), np.float32)

    def _vector(self, text: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        vector = np.random.default_rng(seed).standard_normal(896).astype(np.float32)
        return vector / np.linalg.norm(vector)


@pytest.fixture
def router(db):
    made = [factories.question(title=title) for title in TITLES]
    embed_pending()
    return made[0]


def reprojected() -> Matcher:
    """The same encoder with other trained parts."""
    trained = shipped()
    return present()._replace(trained=trained._replace(name="newer", projection=trained.projection[:, ::-1].copy()))


def finish(matcher: Matcher) -> int:
    """How many steps it took."""
    steps = 0
    while advance(using=matcher):
        steps += 1
    return steps


def test_the_former_reader_answers_until_the_other_has_read_everything(router):
    before, newer = suggest(ASKED), Matcher(Noting(), shipped())
    assert [unfinished(), unfinished(newer.names)] == [False, True]
    assert advance(using=newer) is True
    assert Reading.objects.filter(place=1).count() == 0
    assert advance(using=newer) is True
    assert [Reading.objects.filter(place=place).count() for place in (0, 1)] == [3, 3]
    assert suggest(ASKED) == before
    assert finish(newer) == 3
    assert [(r.place, r.names) for r in Reader.objects.all()] == [(1, newer.names)]
    assert Reading.objects.filter(place=0).count() == 0
    assert suggest(TITLES[1], using=newer).ranked[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert unfinished(newer.names) is False
    assert newer.encoder.read == [*TITLES, TITLES[1]]
    assert Entry.objects.get(verb="knowledge.change_reader").data == {"encoder": "other", "trained": shipped().name}


def test_what_the_same_encoder_has_read_is_only_projected_anew(router):
    silent = Noting(present().encoder.name)
    newer = reprojected()
    finish(newer._replace(encoder=silent))
    assert silent.read == []
    assert suggest(ASKED, using=newer).ranked[0].question == router.pk


def test_parts_of_a_former_release_go_on_answering(router):
    finish(reprojected())
    reader = Matching.current().reader
    assert reader.trained == "newer"
    assert suggest(ASKED).ranked[0].question == router.pk
    kept = matcher_of(reader).trained
    assert np.array_equal(kept.projection, shipped().projection[:, ::-1])
    assert unfinished() is True
    while advance():
        pass
    assert Matching.current().reader.names == present().names


def test_without_its_encoder_the_other_answers_with_what_it_has_read(router):
    Reader.objects.update(encoder="of a former release")
    assert suggest(ASKED).ranked == []
    advance()
    advance()
    assert suggest(ASKED).ranked[0].question == router.pk


def test_new_texts_are_read_by_whoever_answers_and_reach_the_other_before_it_takes_over(router):
    newer = Matcher(Noting(), shipped())
    advance(using=newer)
    advance(using=newer)
    add_wording(by=None, question=router, text="Die Kiste leuchtet wie eine Mandarine")
    add_miss(by=factories.staff("agent"), question=router, text=ASKED, message=7)
    assert embed_pending() == 2
    assert suggest("die kiste leuchtet wie eine mandarine").ranked[0].question == router.pk
    finish(newer)
    assert Reading.objects.filter(place=1).count() == 5
    assert len(newer.encoder.read) == len(set(newer.encoder.read)) == 5


def test_what_its_reader_missed_is_read_before_it_takes_over(router):
    newer = Matcher(Noting(), shipped())
    advance(using=newer)
    Reader.objects.filter(place=1).update(after=Wording.objects.order_by("-pk").first().pk)
    finish(newer)
    assert Reading.objects.filter(place=1).count() == 3


def test_a_wording_taken_back_in_is_read_by_who_answers_by_then(router):
    editor, wording = factories.staff("editor"), Wording.objects.get(text=TITLES[1])
    remove_wording(by=editor, wording=wording)
    newer = Matcher(Noting(), shipped())
    finish(newer)
    assert Reading.objects.count() == 2
    restore_wording(by=editor, wording=wording)
    assert embed_pending(using=newer) == 1
    assert Reading.objects.filter(wording=wording, place=1).count() == 1


def test_a_third_reader_begins_where_the_second_was_broken_off(router):
    advance(using=reprojected())
    advance(using=reprojected())
    third = Matcher(Noting(), shipped())
    finish(third)
    assert [r.names for r in Reader.objects.all()] == [third.names]
    assert Reading.objects.count() == 3


def test_progress_is_shown_while_another_reader_is_at_it(router):
    assert progress() is None
    Reader.objects.update(trained="older")
    advance()
    assert progress() == Progress(0, 3, 0.0)
    assert progress().left_minutes is None
    Reader.objects.filter(place=1).update(done=2, seconds=4.0)
    assert progress() == Progress(2, 3, 0.5)
    assert (progress().percent, progress().left_minutes, progress().left_hours) == (66, 1, None)
    assert Progress(100_000, 1_000_000, 35.0).left_hours == 7
    while advance():
        pass
    assert progress() is None


def test_one_job_at_a_time_is_waiting_for_it(router):
    for _ in range(2):
        look_for_reader(0)
    assert ProcrastinateJob.objects.filter(task_name="knowledge.read_again").count() == 0
    Reader.objects.update(trained="older")
    for _ in range(2):
        look_for_reader(0)
    assert ProcrastinateJob.objects.filter(task_name="knowledge.read_again").count() == 1
    read_again()
    assert Matching.current().reader.names == present().names
    enqueue("knowledge.read_again", once=True)
    assert ProcrastinateJob.objects.filter(task_name="knowledge.read_again").count() == 1


PREPARE = """
from hilft.knowledge.matching import Matcher, embed_pending
from hilft.knowledge.models import Wording
from hilft.knowledge.rereading import PORTION
from hilft.knowledge.trained import shipped
from tests import factories
from tests.knowledge.test_rereading import Noting
question = factories.question(title="Wie?")
Wording.objects.bulk_create(Wording(question=question, text=f"Formulierung {n}") for n in range(4 * PORTION - 1))
print(embed_pending(most=1000, using=Matcher(Noting("former"), shipped())))
"""
READ = """
import sys
from pathlib import Path
from hilft.knowledge.matching import Matcher
from hilft.knowledge.rereading import advance
from hilft.knowledge.trained import shipped
from tests.knowledge.test_rereading import Noting
while advance(using=Matcher(Noting(file=Path(sys.argv[1]), pause=float(sys.argv[2])), shipped())):
    pass
"""
LOOK = """
import json
from hilft.knowledge.matching import Matcher, suggest
from hilft.knowledge.models import Matching
from hilft.knowledge.readers import Reader, Reading
from hilft.knowledge.trained import shipped
from tests.knowledge.test_rereading import Noting
texts = list(Reading.objects.filter(place=1).order_by("wording").values_list("wording__text", flat=True))
found = [suggest("Formulierung 7", using=Matcher(Noting(name), shipped())).ranked != [] for name in ("former", "other")]
print(json.dumps([texts, Reader.objects.get(place=1).done, Matching.current().reader.encoder, found]))
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path):
    killed, after = tmp_path / "killed", tmp_path / "after"
    with database_apart() as environment:
        assert int(run_apart(environment, PREPARE)) == 4 * PORTION
        command = [sys.executable, "-c", f"import django; django.setup()\n{READ}", str(killed), "0.01"]
        with subprocess.Popen(command, env=environment) as process:
            deadline = time.monotonic() + 60
            while not killed.exists() or len(_noted(killed)) < 2.5 * PORTION:
                assert (process.poll(), time.monotonic() < deadline) == (None, True)
                time.sleep(0.02)
            process.kill()
        kept, done, answering, found = json.loads(run_apart(environment, LOOK))
        assert (len(kept), done, answering, found) == (2 * PORTION, 2 * PORTION, "former", [True, True])
        run_apart(environment, READ, after, 0)
        every, done, answering, found = json.loads(run_apart(environment, LOOK))
    assert (len(every), done, answering, found) == (4 * PORTION, 4 * PORTION, "other", [False, True])
    assert sorted(kept + _noted(after)) == sorted(every)


def _noted(file: Path) -> list[str]:
    return [json.loads(line) for line in file.read_text().splitlines()]
