"""Where two answers to nearly the same question cannot both be right: pure functions on texts."""

import re
from typing import NamedTuple

UNITS = {
    "€": ("€", "euro", "eur"),
    "h": ("stunde", "stunden", "std", "hour", "hours"),
    "d": ("tag", "tage", "tagen", "werktag", "werktage", "werktagen", "day", "days"),
    "w": ("woche", "wochen", "week", "weeks"),
    "m": ("monat", "monate", "monaten", "month", "months"),
    "y": ("jahr", "jahre", "jahren", "year", "years"),
    "%": ("%", "prozent", "percent"),
    "data": ("gb", "mb", "mbit", "gbit"),
    "min": ("minute", "minuten", "min", "minutes"),
}
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)\s*\**\s*(€|%|[^\W\d_]+)")
DATE = re.compile(r"\b(\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?)")
NOT = frozenset({"nicht", "kein", "keine", "keinen", "keinem", "keiner", "nie", "not", "no", "never", "cannot"})
ALIKE = 0.6
"""Share of words in common from which a "not" in only one of two texts turns the other's sense."""


class Contradiction(NamedTuple):
    """What one text says and what the other says instead."""

    here: str
    there: str


def contradictions(one: str, other: str) -> list[Contradiction]:
    """Different amounts of the same unit, different dates, or a "not" that only one of two like texts has."""
    ours, theirs = _amounts(one), _amounts(other)
    found = [
        Contradiction(", ".join(ours[unit].values()), ", ".join(theirs[unit].values()))
        for unit in sorted(ours.keys() & theirs.keys())
        if not ours[unit].keys() & theirs[unit].keys()
    ]
    days, other_days = ({day.replace(" ", "") for day in DATE.findall(text)} for text in (one, other))
    if days and other_days and not days & other_days:
        found.append(Contradiction(", ".join(sorted(days)), ", ".join(sorted(other_days))))
    words, other_words = (set(re.findall(r"[^\W\d_]+", text.lower())) for text in (one, other))
    denied, other_denied = sorted(words & NOT), sorted(other_words & NOT)
    alike = len((words & other_words) - NOT) / (len((words | other_words) - NOT) or 1)
    if bool(denied) != bool(other_denied) and alike >= ALIKE:
        found.append(Contradiction(", ".join(denied) or "–", ", ".join(other_denied) or "–"))
    return found


def _amounts(text: str) -> dict[str, dict[str, str]]:
    """By unit: each amount as a plain number, and as it is written."""
    found: dict[str, dict[str, str]] = {}
    for number, word in NUMBER.findall(text):
        unit = UNIT_OF.get(word.lower())
        if unit:
            plain = re.sub(r"[.,]0+$", "", number.replace(",", "."))
            found.setdefault(unit, {})[plain] = f"{number} {word}"
    return found
