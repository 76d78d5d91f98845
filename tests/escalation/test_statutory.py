"""Fault reports under section 58 TKG: by when to tell the customer, and what each day costs."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from hilft.escalation.statutory import FaultReport


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("reported", "by", "compensated"),
    [
        ("2026-11-25 10:00+01:00", "2026-11-27 00:00+01:00", "2026-11-28"),
        ("2026-11-25 23:59+01:00", "2026-11-27 00:00+01:00", "2026-11-28"),
        ("2026-11-25 23:30+00:00", "2026-11-28 00:00+01:00", "2026-11-29"),  # past midnight in Germany
        ("2026-03-28 10:00+01:00", "2026-03-30 00:00+02:00", "2026-03-31"),  # 37 hours
        ("2026-10-24 10:00+02:00", "2026-10-26 00:00+01:00", "2026-10-27"),  # 39 hours
        ("2026-12-24 10:00+01:00", "2026-12-26 00:00+01:00", "2026-12-27"),  # holidays count
    ],
)
def test_by_when(reported: str, by: str, compensated: str):
    report = FaultReport(at(reported))
    assert report.inform_by == at(by)
    assert report.compensated_from == date.fromisoformat(compensated)


@pytest.mark.parametrize(
    ("mended", "monthly", "euros"),
    [
        ("2026-11-25 12:00+01:00", "39.95", "0.00"),
        ("2026-11-27 23:59+01:00", "39.95", "0.00"),
        ("2026-11-28 00:00+01:00", "39.95", "5.00"),
        ("2026-11-29 12:00+01:00", "39.95", "10.00"),
        ("2026-11-30 12:00+01:00", "39.95", "20.00"),
        ("2026-12-01 12:00+01:00", "39.95", "30.00"),
        ("2026-11-29 12:00+01:00", "64.99", "13.00"),
        ("2026-11-30 12:00+01:00", "64.99", "26.00"),
        ("2026-11-20 12:00+01:00", "39.95", "0.00"),
    ],
)
def test_compensation(mended: str, monthly: str, euros: str):
    report = FaultReport(at("2026-11-25 10:00+01:00"))
    assert report.compensation(at(mended), Decimal(monthly)) == Decimal(euros)
