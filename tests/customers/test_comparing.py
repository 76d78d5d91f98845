"""What a customer said agrees with their record whatever its spelling, and with nothing else."""

from datetime import date
from decimal import Decimal

import pytest

from hilft.customers.comparing import agrees, date_of, letters, money_of


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("text", " deich STR. 5 ", "Deichstraße 5"),
        ("text", "Große Strasse 102", "Große Str. 102"),
        ("text", "104711-20", "10 4711 20"),
        ("text", "Mueller", "Müller"),
        ("date", "12.3.84", date(1984, 3, 12)),
        ("date", "1984-03-12", date(1984, 3, 12)),
        ("date", "12. 03. 1984", date(1984, 3, 12)),
        ("money", "44,95 €", Decimal("44.95")),
        ("money", "1.069,90", Decimal("1069.9")),
        ("money", "1069.90 EUR", Decimal("1069.90")),
    ],
)
def test_alike(kind: str, said: str, value: object):
    assert agrees(kind, said, value)


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("text", "", ""),
        ("text", "–", ""),
        ("text", "", None),
        ("text", "Deichstraße 55", "Deichstraße 5"),
        ("date", "03.12.1984", date(1984, 3, 12)),
        ("date", "31.02.1984", date(1984, 3, 2)),
        ("date", "gestern", None),
        ("money", "44", Decimal("44.95")),
        ("money", "viel", Decimal("44.95")),
    ],
)
def test_not_alike(kind: str, said: str, value: object):
    assert not agrees(kind, said, value)


def test_readings():
    assert (date_of("1.2.2003"), date_of("1.2.3")) == (date(2003, 2, 1), None)
    assert [money_of(text) for text in ("1.234.567,8", "1,234.50", "12.345", "-3", "1.2.3")] == [
        Decimal("1234567.8"),
        Decimal("1234.50"),
        Decimal("12345"),
        Decimal("-3"),
        None,
    ]
    assert letters("Str. des Friedens 1") == "strassedesfriedens1"
