"""What a person's own record shows: the steps, and the sequential test as a picture."""

from typing import Final

from hilft.approvals.records import ACCEPTS_BELOW, REJECTS_ABOVE, SLOPE, STEPS, Record

WIDTH, HEIGHT = 600, 240
CHECKS: Final = 60
"""Checks that the picture has room for, at least."""


def record_context(record: Record) -> dict[str, object]:
    """The record with its arithmetic, ready to draw."""
    checks = max(CHECKS, record.checks + 10)
    most = SLOPE * checks + REJECTS_ABOVE + 1

    def x(count: float) -> float:
        return round(WIDTH * count / checks, 1)

    def y(faults: float) -> float:
        return round(HEIGHT * (1 - max(faults, 0) / most), 1)

    following = record.following
    return {
        "record": record,
        "share": round(100 * record.step.share),
        "following": following,
        "left": following.clean - record.clean if following else 0,
        "next_share": round(100 * following.share) if following else 0,
        "steps": [(step, round(100 * step.faulty), round(100 * step.share), step == record.step) for step in STEPS],
        "width": WIDTH,
        "height": HEIGHT,
        "here": (x(record.checks), y(record.faults)),
        "accepts": (x(ACCEPTS_BELOW / SLOPE), y(0), x(checks), y(SLOPE * checks - ACCEPTS_BELOW)),
        "rejects": (x(0), y(REJECTS_ABOVE), x(checks), y(SLOPE * checks + REJECTS_ABOVE)),
    }
