"""Sealing beside many writers, aborted transactions and a sealer that is killed: nothing double, nothing missing."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from hilft.audit.commands import record
from hilft.audit.models import Entry, Seal
from hilft.audit.queries import unsealed
from hilft.audit.sealing import seal, seal_all
from hilft.audit.verifying import verify
from hilft.cli.instance import SOURCE

WRITERS, EACH = 8, 150


def in_threads(*works: Callable[[], None]) -> None:
    """Runs each on a connection of its own, and ends those."""

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def write(writer: int) -> None:
    """Entries one and two at a time; every third transaction is aborted after it took numbers."""
    for number in range(EACH):
        with transaction.atomic():
            record(by=None, verb="test.did", subject=None, writer=writer, number=number)
            if number % 3 == 1:
                record(by=None, verb="test.did", subject=None, writer=writer, number=-number)
            transaction.set_rollback(number % 3 == 2)


def whole() -> None:
    """Every entry has exactly one place, and the chain holds."""
    seal_all(everything=True)
    report = verify()
    assert report.findings == []
    assert report.places == Entry.objects.count()
    assert sorted(Seal.objects.values_list("entry", flat=True)) == list(
        Entry.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert list(Seal.objects.order_by("place").values_list("place", flat=True)) == list(range(1, report.places + 1))


@pytest.mark.usefixtures("committed")
def test_eight_writers_with_aborts_and_two_sealers():
    done = threading.Event()

    def keep_sealing() -> None:
        while not done.is_set():
            seal_all()

    sealers = [threading.Thread(target=in_threads, args=[keep_sealing]) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    in_threads(*(lambda writer=writer: write(writer) for writer in range(WRITERS)))
    done.set()
    for sealer in sealers:
        sealer.join()
    assert Entry.objects.count() == WRITERS * EACH
    assert Seal.objects.count() > 0
    whole()


@pytest.mark.usefixtures("committed")
def test_an_entry_that_commits_after_higher_numbers_were_sealed_comes_next():
    opened, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(by=None, verb="test.slow", subject=None)
            opened.set()
            go_on.wait(10)

    thread = threading.Thread(target=in_threads, args=[slow])
    thread.start()
    opened.wait(10)
    record(by=None, verb="test.fast", subject=None)
    assert seal_all() == 1
    go_on.set()
    thread.join()
    assert seal_all() == 1
    places = {Entry.objects.get(pk=seal.entry).verb: seal.place for seal in Seal.objects.all()}
    assert places == {"test.fast": 1, "test.slow": 2}
    assert Entry.objects.get(verb="test.slow").pk < Entry.objects.get(verb="test.fast").pk
    whole()


@pytest.mark.usefixtures("committed")
def test_a_sealer_does_not_wait_for_another():
    record(by=None, verb="test.did", subject=None)
    sealed: list[int] = []
    with transaction.atomic():
        assert seal() == 1
        in_threads(lambda: sealed.append(seal()))
    assert sealed == [0]
    whole()


HALF_WAY = """
import django, os, signal
django.setup()
from django.db import transaction
from hilft.audit.sealing import seal
seal()
with transaction.atomic():
    print(seal(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.usefixtures("committed")
def test_a_sealer_killed_in_the_middle_of_its_batch(monkeypatch: pytest.MonkeyPatch):
    for number in range(4_500):
        record(by=None, verb="test.did", subject=None, number=number)
    name, url = connection.settings_dict["NAME"], os.environ["HILFT_DATABASE_URL"]
    environment = os.environ | {"PYTHONPATH": str(SOURCE), "HILFT_DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
    killed = subprocess.run(
        [sys.executable, "-c", HALF_WAY], env=environment, capture_output=True, text=True, check=False
    )
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "2000\n")
    assert Seal.objects.count() == 2_000
    assert unsealed().count() == 2_500
    whole()
