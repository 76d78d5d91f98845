"""Builds, then measures: matches with their recall, what becomes visible when, the editor's screens, reading again."""

import time
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hilft.cli.bench import Result
from hilft.cli.bench.scale_match.again import read_again
from hilft.cli.bench.scale_match.stock import Size, Stock
from hilft.cli.instance import Trouble
from hilft.desk.worklist.views import KINDS
from hilft.knowledge.commands import add_wording
from hilft.knowledge.matching import FETCH, embed_pending, present, suggest
from hilft.knowledge.models import Question
from hilft.people.models import User

ASKED: Final = 300
EXACT: Final = 100
"""So many are compared with exact search."""
WARM: Final = 200
"""So many go before: building and vacuuming ten million messages has pushed the index out of the database's memory."""
TIMES: Final = 20


def run(size: Size) -> Result:
    """All rows of the table."""
    began = time.perf_counter()
    stock = Stock(size, present())
    stock.build()
    result: Result = {**size._asdict(), "build_s": time.perf_counter() - began}
    result |= _matches(stock)
    result["visible_ms"] = float(np.median([_visible(stock, number) for number in range(TIMES)]))
    result |= {f"worklist_{kind}_p95_ms": ms for kind, ms in _screens(_worklist())}
    result |= {f"page_{name}_p95_ms": ms for name, ms in _screens(_pages(size))}
    return result | read_again(stock)


def percentiles(name: str, times: list[float], *asked: int) -> Result:
    """In milliseconds."""
    return {f"{name}_p{p}_ms": float(np.percentile(times, p)) for p in asked}


def timed(run: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)


def _matches(stock: Stock) -> Result:
    """Each match after encoding, and the share of the ten questions nearest by exact search that it had before it."""
    asked = stock.ask(ASKED + WARM)
    for text, _vector in asked[ASKED:]:
        suggest(text, using=stock.matcher)
    times = [timed(lambda text=text: suggest(text, using=stock.matcher)) for text, _vector in asked[:ASKED]]  # type: ignore[misc]
    shares = []
    for text, vector in asked[:EXACT]:
        every = sorted(suggest(text, most=FETCH, using=stock.matcher).ranked, key=lambda one: -one.similarity)
        exact = stock.nearest(vector, 10)
        shares.append(len(set(exact) & {one.question for one in every[:10]}) / len(exact))
    return percentiles("match", times, 50, 95, 99) | {"recall_at_10": float(np.mean(shares))}


def _visible(stock: Stock, number: int) -> float:
    """From the commit of a new wording until a match finds it, its reading and its place in the index included."""
    question = Question.objects.hosted().order_by("pk")[stock.size.questions // 2 + number]
    text = f"eine ganz neue Formulierung der Sache {number}"
    add_wording(by=None, question=question, text=text)
    began = time.perf_counter()
    embed_pending(most=100, using=stock.matcher)
    found = suggest(text, most=FETCH, using=stock.matcher)
    if max(found.ranked, key=lambda one: one.similarity).question != question.pk:
        raise Trouble("The new wording is not found.")
    return 1000 * (time.perf_counter() - began)


def _worklist() -> Iterable[tuple[str, list[str]]]:
    for kind in KINDS:
        yield kind, [f"{reverse('desk:worklist')}?kind={kind}&page={page}" for page in (1, 2, 50)]


def _pages(size: Size) -> Iterable[tuple[str, list[str]]]:
    questions = reverse("desk:questions")
    yield "questions", [questions, f"{questions}?page=7", f"{questions}?topic=Thema 3", f"{questions}?state=unchecked"]
    yield "search", [f"{questions}?q={word}" for word in ("Vertrag", "orange blinkt", "frage")]
    yield (
        "question",
        [reverse("desk:question", args=[pk]) for pk in (1, 2, size.questions // 2 + 1, size.questions // 3)],
    )
    yield "groups", [reverse("desk:groups"), reverse("desk:group", args=[1])]
    yield "matching", [reverse("desk:matching")]


def _screens(addresses: Iterable[tuple[str, list[str]]]) -> Iterable[tuple[str, float]]:
    """Each screen's 95th percentile over its addresses, asked in turn by an editor who is signed in."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.get(pk=1))
    for name, mine in addresses:
        _seen(client, mine[0])
        times = [timed(lambda address=address: _seen(client, address)) for _ in range(TIMES) for address in mine]  # type: ignore[misc]
        yield name, float(np.percentile(times, 95))


def _seen(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise Trouble(f"{address} answered {answer.status_code}.")
