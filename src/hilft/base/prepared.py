"""Queries whose SQL is made once: a page that asks thirty things spends more on writing SQL than on anything else.

A conversation's page took 57 ms of processor, 35 of them for putting together the same SQL as the page before it.
"""

import copy
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Expression, Field, ForeignKey, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """The place of a value in a query that is not known yet; it must never be None, for that would be other SQL."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """A placeholder, with itself as what stands there until there is a value."""
        return "%s", [self]


@ForeignKey.register_lookup
@Field.register_lookup
class AmongLookup(Lookup):
    """`conversation__among=keys`: one of a list of values, given as one, so that the SQL is always the same."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """An array, by which the planner uses an index; a list of rows it would join last."""
        column, before = self.process_lhs(compiler, connection)
        among, given = compiler.compile(self.rhs)
        kind = self.lhs.output_field.db_type(connection)
        return f"{column} = ANY({among}::{kind}[])", [*before, *given]


class ServerBound:
    """A connection whose cursors leave the values to the server, which then plans a query once, not each time."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def cursor(self) -> Any:
        """Django's own cursor over the server's placing of values."""
        self.connection.ensure_connection()
        raw = self.connection.connection
        usual, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
        try:
            return self.connection.cursor()
        finally:
            raw.cursor_factory = usual


class Prepared[Row]:
    """A query as a function of its values: a list of objects with what is related and prefetched, or of columns."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.made: tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...], Any, bool] | None = None
        self.__doc__ = build.__doc__

    def __call__(self, *values: object) -> list[Row]:
        if None in values:
            raise ValueError("A prepared query takes no None: ask with the plain query.")
        found, compiler, sql, places, converters, composite = self.made or self._make(len(values))
        bound = copy.copy(compiler)
        bound.connection = ServerBound(connections[found.db])  # type: ignore[assignment]
        filled = tuple(values[place.number] if isinstance(place, Given) else place for place in places)
        bound.as_sql = lambda *_args, **_named: (sql, filled)  # type: ignore[assignment, method-assign]
        bound.get_converters = lambda _fields: converters  # type: ignore[assignment, method-assign]
        bound.has_composite_fields = lambda _fields: composite  # type: ignore[assignment, method-assign]
        asked = found.all()
        asked.query.get_compiler = lambda *_args, **_named: bound  # type: ignore[method-assign]
        return list(asked)

    def _make(self, places: int) -> tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...], Any, bool]:
        found = self.build(*(Given(number) for number in range(places)))
        compiler = found.query.get_compiler(using=found.db)
        sql, params = compiler.as_sql()
        columns = [column for column, *_rest in compiler.select]
        converters, composite = compiler.get_converters(columns), compiler.has_composite_fields(columns)
        self.made = found, compiler, sql, tuple(params), converters, composite
        return self.made


def prepared[Row](build: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Makes a function that builds a query into one that asks it, with its SQL made at the first call.

    For queries of hot pages: the shape must not depend on the values, and none of them may be None.
    """
    return Prepared(build)
