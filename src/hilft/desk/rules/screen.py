"""What a person's own record shows: the steps, and the sequential test as a picture."""

import math
from typing import Final

from hilft.approvals.records import ACCEPTS_BELOW, REJECTS_ABOVE, SLOPE, STEPS, Record

WIDTH, HEIGHT = 600, 240
CHECKS: Final = 60
"""Checks that the picture has room for, at least."""


def record_context(record: Record) -> dict[str, object]:
    """The record with its arithmetic, ready to draw; the picture's numbers are text, whatever the language."""
    checks = max(CHECKS, record.checks + 10)
    most = SLOPE * checks + REJECTS_ABOVE + 1

    def at(count: float, faults: float) -> str:
        return f"{WIDTH * count / checks:.1f} {HEIGHT * (1 - max(faults, 0) / most):.1f}"

    following = record.following
    accepts = (at(ACCEPTS_BELOW / SLOPE, 0), at(checks, SLOPE * checks - ACCEPTS_BELOW))
    rejects = (at(0, REJECTS_ABOVE), at(checks, SLOPE * checks + REJECTS_ABOVE))
    return {
        "record": record,
        "share": round(100 * record.step.share),
        "following": following,
        "left": following.clean - record.clean if following else 0,
        "next_share": round(100 * following.share) if following else 0,
        "steps": [(step, round(100 * step.faulty), round(100 * step.share), step == record.step) for step in STEPS],
        "box": f"0 0 {WIDTH} {HEIGHT}",
        "checks": checks,
        "here": f"M{at(record.checks, record.faults)}h0",
        "good": f"M{accepts[0]}L{accepts[1]}L{at(checks, 0)}Z",
        "bad": f"M{rejects[0]}L{rejects[1]}L{at(checks, most)}L{at(0, most)}Z",
        "soonest": math.ceil(ACCEPTS_BELOW / SLOPE),
    }
