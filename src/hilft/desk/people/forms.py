"""Working hours and absences as people type them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.base.schedules import MINUTES
from hilft.desk.escalation.hours import Spans, WeekForm, spans_of, text_of, week_as_typed
from hilft.people.hours.models import WorkingHours
from hilft.people.models import User
from hilft.people.queries import active_staff


class HoursForm(WeekForm):
    """A week's shifts; one that ends before it began goes on into the next day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        region.label = _("Free on the holidays of")
        region.choices = [("", _("no state: work on holidays")), *region.choices[1:]]

    def spans(self, text: str) -> Spans:
        """The shifts that begin on a day."""
        return [(begin, end if begin < end else end + MINUTES) for begin, end in spans_of(text)]


class AbsenceForm(forms.Form):
    """From when to when, and who stands in; no reason is asked for, and none is kept."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    deputy = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Deputy"), required=False, empty_label=gettext_lazy("no deputy")
    )

    def __init__(self, *args: Any, of: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = active_staff().exclude(pk=of.pk)  # type: ignore[attr-defined]


def typed(hours: WorkingHours | None) -> dict[str, str]:
    """Somebody's hours as the form shows them; empty where none were entered."""
    return {"region": hours.region} | week_as_typed(hours.week, hours.days, _text) if hours else {}


def _text(spans: Any) -> str:
    return text_of([(begin, end if end <= MINUTES else end - MINUTES) for begin, end in spans])
