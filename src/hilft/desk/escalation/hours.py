"""Hours as people type them: a week, holidays of a state, and days that differ."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hilft.base.holidays import Region

SPAN: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?")
CLOSED: Final = {"", "-", "–", "geschlossen", "closed"}
STATES: Final = {
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "BE": "Berlin",
    "BB": "Brandenburg",
    "HB": "Bremen",
    "HH": "Hamburg",
    "HE": "Hessen",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "SH": "Schleswig-Holstein",
    "TH": "Thüringen",
    "BY-catholic": "Bayern, Mariä Himmelfahrt",
    "BY-augsburg": "Bayern, Augsburg",
    "SN-catholic": "Sachsen, Fronleichnam",
    "TH-catholic": "Thüringen, Fronleichnam",
}
"""Names of the regions: proper names, the same in every language."""

Spans = list[tuple[int, int]]


def spans_of(text: str) -> Spans:
    """Open times as people write them, "8:00–12:00, 13–18"; raises ValidationError."""
    if text.strip().casefold() in CLOSED:
        return []
    found = []
    for part in text.split(","):
        span = SPAN.fullmatch(part.strip())
        if span is None:
            raise forms.ValidationError(_("Write times like this: 8:00–12:00, 13:00–18:00"))
        begin, end = (int(span[n]) * 60 + int(span[n + 1] or 0) for n in (1, 3))
        found.append((begin, end))
    return found


def text_of(spans: Any) -> str:
    """The same back as people write it."""
    return ", ".join(f"{a // 60}:{a % 60:02d}–{b // 60}:{b % 60:02d}" for a, b in spans)


class WeekForm(forms.Form):
    """A week's hours, holidays of a state, and days that differ."""

    region = forms.ChoiceField(
        label=gettext_lazy("Closed on the holidays of"),
        required=False,
        choices=[("", gettext_lazy("no state: open on holidays")), *((r.value, STATES[r.value]) for r in Region)],
    )
    days = forms.CharField(
        label=gettext_lazy("Days that differ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line: 2026-12-24 8:00–12:00, or 2026-12-31 closed"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(7):
            self.fields[f"day{number}"] = forms.CharField(label=dates.WEEKDAYS[number], required=False)
        self.order_fields(["name", *(f"day{number}" for number in range(7))])

    def spans(self, text: str) -> Spans:
        """The times of one day as they were typed."""
        return spans_of(text)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(7):
            try:
                data[f"day{number}"] = self.spans(data.get(f"day{number}", ""))
            except forms.ValidationError as error:
                self.add_error(f"day{number}", error)
        return data

    def clean_days(self) -> dict[str, Spans]:
        """Each line's day with its own times."""
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data["days"].splitlines())):
            day, _space, times = line.partition(" ")
            try:
                found[date.fromisoformat(day).isoformat()] = self.spans(times)
            except ValueError as error:
                raise forms.ValidationError(_("This is no day: %(line)s") % {"line": line}) from error
        return found

    def hours(self) -> dict[str, Any]:
        """What the command takes."""
        data = self.cleaned_data
        week = [data[f"day{number}"] for number in range(7)]
        return {"week": week, "region": data["region"], "days": data["days"]}


class ScheduleForm(WeekForm):
    """A schedule's hours, its name, and from when on they hold."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    since = forms.DateTimeField(
        label=gettext_lazy("Holds from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty: from now on. What runs keeps the hours it began with."),
    )

    def hours(self) -> dict[str, Any]:
        """What the command takes."""
        return super().hours() | {"name": self.cleaned_data["name"], "since": self.cleaned_data["since"]}


def week_as_typed(week: Any, days: Mapping[str, Any], text: Callable[[Any], str]) -> dict[str, str]:
    """A week and its days that differ as the form shows them."""
    lines = [f"{day} {text(spans) or pgettext('hours', 'closed')}" for day, spans in sorted(days.items())]
    return {"days": "\n".join(lines)} | {f"day{number}": text(spans) for number, spans in enumerate(week)}
