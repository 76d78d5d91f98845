"""The holidays of every state and region in 2026 and 2027, against a table written by hand from the states' laws."""

from datetime import date

import pytest

from hilft.base.holidays import Region, easter, holidays

EVERYWHERE = {
    2026: "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26",
    2027: "01-01 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26",
}
"""New Year, Good Friday, Easter Monday, 1 May, Ascension, Whit Monday, German Unity, Christmas."""

BESIDES = {
    # state or region: (2026, 2027)
    "BW": ("01-06 06-04 11-01", "01-06 05-27 11-01"),
    "BY": ("01-06 06-04 11-01", "01-06 05-27 11-01"),
    "BY-catholic": ("01-06 06-04 08-15 11-01", "01-06 05-27 08-15 11-01"),
    "BY-augsburg": ("01-06 06-04 08-08 08-15 11-01", "01-06 05-27 08-08 08-15 11-01"),
    "BE": ("03-08", "03-08"),
    "BB": ("04-05 05-24 10-31", "03-28 05-16 10-31"),
    "HB": ("10-31", "10-31"),
    "HH": ("10-31", "10-31"),
    "HE": ("06-04", "05-27"),
    "MV": ("03-08 10-31", "03-08 10-31"),
    "NI": ("10-31", "10-31"),
    "NW": ("06-04 11-01", "05-27 11-01"),
    "RP": ("06-04 11-01", "05-27 11-01"),
    "SL": ("06-04 08-15 11-01", "05-27 08-15 11-01"),
    "SN": ("10-31 11-18", "10-31 11-17"),
    "SN-catholic": ("06-04 10-31 11-18", "05-27 10-31 11-17"),
    "ST": ("01-06 10-31", "01-06 10-31"),
    "SH": ("10-31", "10-31"),
    "TH": ("09-20 10-31", "09-20 10-31"),
    "TH-catholic": ("06-04 09-20 10-31", "05-27 09-20 10-31"),
}


@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize("code", BESIDES)
def test_holidays(code: str, year: int):
    days = f"{EVERYWHERE[year]} {BESIDES[code][year - 2026]}".split()
    assert sorted(holidays(Region(code), year)) == sorted(date.fromisoformat(f"{year}-{day}") for day in days)


def test_the_table_has_every_state_and_region():
    assert set(BESIDES) == set(Region)
    assert len({region.state for region in Region}) == 16


def test_berlins_single_days():
    assert date(2025, 5, 8) in holidays(Region.BE, 2025)
    assert date(2026, 5, 8) not in holidays(Region.BE, 2026)
    assert date(2028, 6, 17) in holidays(Region.BE, 2028)
    assert date(2025, 5, 8) not in holidays(Region.BB, 2025)


@pytest.mark.parametrize(
    "day", ["2023-04-09", "2024-03-31", "2025-04-20", "2028-04-16", "2035-03-25", "2038-04-25", "2049-04-18"]
)
def test_easter(day: str):
    assert easter(int(day[:4])) == date.fromisoformat(day)


@pytest.mark.parametrize(("year", "day"), [(2023, "11-22"), (2024, "11-20"), (2025, "11-19"), (2028, "11-22")])
def test_the_day_of_repentance_is_a_wednesday(year: int, day: str):
    assert date.fromisoformat(f"{year}-{day}") in holidays(Region.SN, year)


def test_years_that_are_not_known_are_refused():
    with pytest.raises(ValueError, match="2023"):
        holidays(Region.BE, 2022)
