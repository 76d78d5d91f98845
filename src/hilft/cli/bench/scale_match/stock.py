"""Fills the tables by COPY and by set-based SQL, indexes last, and keeps what exact search needs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import numpy as np
from django.db import connection

from hilft.channels.enums import AccountState
from hilft.channels.models import Account
from hilft.cli.bench.scale_match.copying import copy_rows
from hilft.cli.bench.scale_match.meaning import OF_A_TOPIC, Made, Meaning, Words
from hilft.cli.bench.scale_match.statements import CONVERSATIONS, HOSTED, KNOWLEDGE, MISSES, SEARCH
from hilft.knowledge.matching import Matcher, first_reader
from hilft.people.models import Contact, User
from hilft.reading.embedding import Vectors, unit

PORTION: Final = 20_000
TABLES: Final = (
    ("knowledge", ("question", "answer", "version", "text", "vote", "finding", "wording", "reading", "miss")),
    ("inbox", ("conversation", "message", "judgement", "group", "stray")),
    ("publishing", ("delivery", "placement")),
    ("people", ("user", "contact", "handle")),
    ("channels", ("account",)),
)
SUBJECT_TO_IT: Final = """
SELECT indexdef, indexname FROM pg_indexes
WHERE tablename = %s AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname
"""

SEQUENCE: Final = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1 + max(id)) FROM {table}"


class Size(NamedTuple):
    """How much is generated."""

    questions: int
    wordings: int
    messages: int


class Stock:
    """The generated questions, and what may be asked of them."""

    def __init__(self, size: Size, shipped: Matcher) -> None:
        self.size = size
        self.random = np.random.default_rng(7)
        self.meaning, self.words = Meaning(shipped.encoder, self.random), Words(self.random)
        self.questions = self.meaning.draw_questions(size.questions)
        self.spoken = self.words.draw_questions(size.questions)
        self.matcher = Matcher(Made(shipped.encoder.name), shipped.trained)
        self.projected = np.zeros((size.wordings, shipped.trained.projection.shape[1]), np.float16)

    def build(self) -> None:
        """References are known to hold and triggers have nothing to say, so they are left out."""
        conversations = self.size.messages // 5
        numbers = self.size._asdict() | {
            "topic": OF_A_TOPIC,
            "conversations": conversations,
            "open": min(5_000, conversations // 20),
        }
        first_reader(self.matcher)
        User.objects.create_user("editor@scale.example", pk=1, name="Editor", roles=["editor"])
        Contact.objects.create(pk=1, name="Kunde")
        Account.objects.create(pk=1, kind="mastodon", name="M", handle="m", state=AccountState.PAUSED)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '2GB'")
            cursor.execute("SET max_parallel_maintenance_workers = 2")
            with _indexes_last(cursor, names_of(TABLES)):
                self._copy_wordings(cursor)
                for statement in (*KNOWLEDGE, *CONVERSATIONS, *MISSES):
                    cursor.execute(statement, numbers)
            cursor.execute(SEARCH)
            for table in names_of(TABLES):
                cursor.execute(SEQUENCE.format(table=table))
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM (ANALYZE)")

    def ask(self, count: int) -> list[tuple[str, Vectors]]:
        """Texts that ask some of the questions in other words; the encoder knows their vectors."""
        chosen = self.random.integers(self.size.questions, size=count)
        vectors = self.meaning.draw_wordings(self.questions[chosen])
        texts = [f"{text.decode()} {number}" for number, text in enumerate(self.words.ask(self.spoken[chosen], 50))]
        asked = list(zip(texts, vectors, strict=True))
        self.encoder.vectors |= dict(asked)
        return asked

    @property
    def encoder(self) -> Made:
        """The stand-in that knows the vectors."""
        if not isinstance(self.matcher.encoder, Made):
            raise TypeError("The benchmark's encoder is a stand-in.")
        return self.matcher.encoder

    def nearest(self, vector: Vectors, most: int) -> list[int]:
        """The keys of the hosted questions that own the nearest wordings, by looking at every one."""
        place = unit(vector @ self.matcher.trained.projection).astype(np.float16).astype(np.float32)
        likeness = np.concatenate(
            [self.projected[start : start + 100_000].astype(np.float32) @ place for start in self._starts(100_000)]
        )
        order = np.argsort(-likeness, kind="stable")[: 10 * most]
        owners = dict.fromkeys((order % self.size.questions + 1).tolist())
        return [owner for owner in owners if owner % 100 < HOSTED][:most]

    def _starts(self, step: int) -> Iterable[int]:
        return range(0, self.size.wordings, step)

    def _copy_wordings(self, cursor: Any) -> None:
        """In rounds: each question's first wording, then each one's second, as they come in over the years."""
        each = self.size.wordings // self.size.questions
        for nth in range(each):
            for start in range(0, self.size.questions, PORTION):
                mine = np.arange(start, min(start + PORTION, self.size.questions))
                vectors = self.meaning.draw_wordings(self.questions[mine])
                searched = unit(vectors @ self.matcher.trained.projection).astype(np.float16)
                keys = nth * self.size.questions + mine
                self.projected[keys] = searched
                self._copy(cursor, keys + 1, mine + 1, self.words.ask(self.spoken[mine], nth), (vectors, searched))

    def _copy(self, cursor: Any, keys: Any, questions: Any, texts: Any, vectors: tuple[Any, Any]) -> None:
        count = len(keys)
        wordings = {"id": keys, "question_id": questions, "text": texts}
        constant = {"language": b"de", "origin": b"customer", "added_at": np.int64(0), "unread": np.bool_(False)}
        copy_rows(cursor, "knowledge_wording", wordings | {n: np.full(count, v) for n, v in constant.items()})
        readings = {"id": keys, "place": np.zeros(count, np.int16), "wording_id": keys}
        copy_rows(cursor, "knowledge_reading", readings | dict(zip(("vector", "embedding"), vectors, strict=True)))


def names_of(tables: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """The tables' names in the database."""
    return [f"{package}_{name}" for package, names in tables for name in names]


@contextmanager
def _indexes_last(cursor: Any, tables: list[str]) -> Iterator[None]:
    """Takes away the indexes that no constraint needs, and makes them again at the end."""
    made = []
    for table in tables:
        cursor.execute(SUBJECT_TO_IT, [table])
        made += cursor.fetchall()
    for _definition, name in made:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for definition, _name in made:
        cursor.execute(definition)
