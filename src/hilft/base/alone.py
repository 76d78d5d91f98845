"""Keeps two processes from doing the same thing at once, by a lock that ends with its database session."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(space: int, number: int) -> Iterator[bool]:
    """Whether this session is the only one at it; the lock ends with the session, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, number])
        (got,) = cursor.fetchone() or (False,)
    try:
        yield got
    finally:
        if got and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, number])
