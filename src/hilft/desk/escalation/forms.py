"""What leads and agents type about deadlines, departments and hand-overs."""

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.channels.models import Account
from hilft.channels.registry import KINDS
from hilft.escalation.enums import Reach, What
from hilft.escalation.holidays import Region
from hilft.escalation.models import Department, Schedule
from hilft.escalation.rules import is_for
from hilft.inbox.enums import Priority
from hilft.people.models import User
from hilft.people.queries import active_staff

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


class ScheduleForm(forms.Form):
    """A week's hours, holidays of a state, days that differ, and from when on they hold."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
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
    since = forms.DateTimeField(
        label=gettext_lazy("Holds from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty: from now on. What runs keeps the hours it began with."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(7):
            self.fields[f"day{number}"] = forms.CharField(label=dates.WEEKDAYS[number], required=False)
        self.order_fields(["name", *(f"day{number}" for number in range(7))])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(7):
            try:
                data[f"day{number}"] = spans_of(data.get(f"day{number}", ""))
            except forms.ValidationError as error:
                self.add_error(f"day{number}", error)
        return data

    def clean_days(self) -> dict[str, Spans]:
        """Each line's day with its own times."""
        found = {}
        for line in filter(None, map(str.strip, self.cleaned_data["days"].splitlines())):
            day, _space, times = line.partition(" ")
            try:
                found[date.fromisoformat(day).isoformat()] = spans_of(times)
            except ValueError as error:
                raise forms.ValidationError(_("This is no day: %(line)s") % {"line": line}) from error
        return found

    def hours(self) -> dict[str, Any]:
        """What the command takes."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "week": [data[f"day{number}"] for number in range(7)],
            "region": data["region"],
            "days": data["days"],
            "since": data["since"],
        }


class PromiseForm(forms.Form):
    """How soon a reply comes, where and with which priority."""

    what = forms.ChoiceField(label=gettext_lazy("What is promised"), choices=What)
    kind = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), required=False, choices=[("", gettext_lazy("any")), *Priority.choices]
    )
    minutes = forms.IntegerField(label=gettext_lazy("Within minutes"), min_value=1, max_value=100_000)
    schedule = forms.ModelChoiceField(
        Schedule.objects.order_by("name", "pk"),
        label=gettext_lazy("Hours that count"),
        required=False,
        empty_label=gettext_lazy("around the clock"),
    )
    warn = forms.IntegerField(label=gettext_lazy("First warning at percent"), min_value=1, max_value=98, initial=50)
    alarm = forms.IntegerField(label=gettext_lazy("Second warning at percent"), min_value=2, max_value=99, initial=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", _("any")), *((kind.kind, str(kind.label)) for kind in KINDS.values())]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField


class DepartmentForm(forms.Form):
    """Who is asked, about what, and how they are reached."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    topics = forms.CharField(
        label=gettext_lazy("Topics"), required=False, help_text=gettext_lazy("With commas between them.")
    )
    schedule = forms.ModelChoiceField(
        Schedule.objects.order_by("name", "pk"),
        label=gettext_lazy("Their hours"),
        required=False,
        empty_label=gettext_lazy("around the clock"),
    )
    reach = forms.ChoiceField(label=gettext_lazy("How they are reached"), choices=Reach)
    account = forms.ModelChoiceField(
        Account.objects.in_use().filter(kind="email").order_by("name", "pk"),
        label=gettext_lazy("Mail account that writes to them"),
        required=False,
        empty_label=gettext_lazy("the first one"),
    )
    url = forms.URLField(label=gettext_lazy("Address of their system"), required=False, max_length=500)
    secret = forms.CharField(
        label=gettext_lazy("Secret that both sides know"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Empty: stays as it is."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Can be asked"), required=False, initial=True)

    def clean_topics(self) -> list[str]:
        """Each topic once."""
        return [topic for topic in map(str.strip, self.cleaned_data["topics"].split(",")) if topic]


class LevelForm(forms.Form):
    """Who is asked on a level, and how long they have."""

    name = forms.CharField(label=gettext_lazy("Name of the level"), max_length=100)
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner in hilft"), required=False)
    deputy = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Deputy in hilft"), required=False)
    address = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    deputy_address = forms.EmailField(label=gettext_lazy("Mail address of the deputy"), required=False)
    acknowledge_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to take it on"), min_value=1, max_value=100_000, initial=120
    )
    answer_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to answer"), min_value=1, max_value=100_000, initial=480
    )

    def __init__(self, *args: Any, reach: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = ("owner", "deputy")
        for name in people if reach == Reach.MAIL else ("address", "deputy_address"):
            del self.fields[name]
        for name in people:
            if name in self.fields:
                self.fields[name].queryset = active_staff()  # type: ignore[attr-defined]  # a ModelChoiceField


class HandOverForm(forms.Form):
    """What a department is asked."""

    department = forms.ModelChoiceField(Department.objects.none(), label=gettext_lazy("Department"))
    asked = forms.CharField(
        label=gettext_lazy("What they are to do or to say"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
    history = forms.BooleanField(
        label=gettext_lazy("What the customer wrote goes along"),
        required=False,
        help_text=gettext_lazy("Their name and the words shown beside, nothing else."),
    )

    def __init__(self, *args: Any, departments: list[Department], topic: str, **kwargs: Any) -> None:
        """The departments in their order; one that fits the topic is chosen already, else a person chooses."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = Department.objects.filter(is_active=True, levels__isnull=False).distinct()
        field.choices = [("", _("Choose a department")), *((one.pk, one.name) for one in departments)]
        field.initial = next((one.pk for one in departments if is_for(one, topic)), None)
