"""Public holidays of the German states and of the regions that differ, from the states' holiday laws.

Holds from 2023 on, when Mecklenburg-Vorpommern added 8 March; earlier years are refused rather than guessed.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

FIRST_YEAR: Final = 2023


class Region(StrEnum):
    """The sixteen states by ISO 3166-2, and four regions with days of their own."""

    BW = "BW"
    BY = "BY"
    BY_CATHOLIC = "BY-catholic"
    BY_AUGSBURG = "BY-augsburg"
    BE = "BE"
    BB = "BB"
    HB = "HB"
    HH = "HH"
    HE = "HE"
    MV = "MV"
    NI = "NI"
    NW = "NW"
    RP = "RP"
    SL = "SL"
    SN = "SN"
    SN_CATHOLIC = "SN-catholic"
    ST = "ST"
    SH = "SH"
    TH = "TH"
    TH_CATHOLIC = "TH-catholic"

    @property
    def state(self) -> "Region":
        """The state that a region lies in."""
        return Region(self.value[:2])


BW, BY, BE, BB = Region.BW, Region.BY, Region.BE, Region.BB
HB, HH, HE, MV = Region.HB, Region.HH, Region.HE, Region.MV
NI, NW, RP, SL = Region.NI, Region.NW, Region.RP, Region.SL
SN, ST, SH, TH = Region.SN, Region.ST, Region.SH, Region.TH

FIXED: Final = {
    (1, 1): frozenset(Region),
    (1, 6): {BW, BY, ST},
    (3, 8): {BE, MV},
    (5, 1): frozenset(Region),
    (8, 8): {Region.BY_AUGSBURG},
    (8, 15): {SL, Region.BY_CATHOLIC, Region.BY_AUGSBURG},
    (9, 20): {TH},
    (10, 3): frozenset(Region),
    (10, 31): {BB, HB, HH, MV, NI, SN, ST, SH, TH},
    (11, 1): {BW, BY, NW, RP, SL},
    (12, 25): frozenset(Region),
    (12, 26): frozenset(Region),
}
"""Month and day, and where; a state's day holds in its regions too."""

AFTER_EASTER: Final = {
    -2: frozenset(Region),
    0: {BB},
    1: frozenset(Region),
    39: frozenset(Region),
    49: {BB},
    50: frozenset(Region),
    60: {BW, BY, HE, NW, RP, SL, Region.SN_CATHOLIC, Region.TH_CATHOLIC},
}
"""Days after Easter Sunday: Good Friday, Easter, Ascension, Whitsun, Corpus Christi."""

ONCE: Final = {date(2025, 5, 8): {BE}, date(2028, 6, 17): {BE}}
"""Single days that a state has decided on."""


@cache
def holidays(region: Region, year: int) -> frozenset[date]:
    """The public holidays of a year; raises ValueError before 2023, for which this does not hold."""
    if year < FIRST_YEAR:
        raise ValueError(f"Holidays are known from {FIRST_YEAR} on, not for {year}.")
    here = {region, region.state}
    found = {date(year, month, day) for (month, day), where in FIXED.items() if here & where}
    found |= {easter(year) + timedelta(days=days) for days, where in AFTER_EASTER.items() if here & where}
    found |= {day for day, where in ONCE.items() if day.year == year and here & where}
    if region.state == SN:
        found.add(_repentance(year))
    return frozenset(found)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm, Nature 1876; Meeus, Astronomical Algorithms)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l_ = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * l_) // 433
    month = (h + l_ - 7 * m + 90) // 25
    return date(year, month, (h + l_ - 7 * m + 33 * month + 19) % 32)


def _repentance(year: int) -> date:
    """The Wednesday before 23 November."""
    last = date(year, 11, 22)
    return last - timedelta(days=(last.weekday() - 2) % 7)
