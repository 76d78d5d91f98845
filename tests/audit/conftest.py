"""What the tests of the record share: somebody who breaks in as a superuser, and a database that really commits."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hilft.audit.commands import record
from hilft.audit.models import Entry
from hilft.audit.sealing import seal_all

TABLES = ("audit_entry", "audit_seal")
Breaking = Callable[..., None]


def written(count: int = 5) -> list[int]:
    """So many sealed entries; their numbers."""
    for number in range(count):
        record(by=None, verb="test.did", subject=None, number=number)
    seal_all()
    return list(Entry.objects.order_by("pk").values_list("pk", flat=True))


def break_in(sql: str, *parameters: Any) -> None:
    """What a superuser can do who puts the guards aside, and puts them back afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(sql, parameters)
        for table in TABLES:
            cursor.execute(
                f"ALTER TABLE {table} ENABLE TRIGGER ALL, ENABLE ALWAYS TRIGGER append_only,"
                " ENABLE ALWAYS TRIGGER never_empty"
            )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, in which heads are kept."""
    monkeypatch.setenv("HILFT_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test database with real commits, for tests of several connections; the record is emptied afterwards.

    The main thread's event loop may be the browser's, which never ends.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with django_db_blocker.unblock():
        connection.close()
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE audit_entry, audit_seal RESTART IDENTITY")
            connection.close()
