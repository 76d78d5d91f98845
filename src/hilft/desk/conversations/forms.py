"""What people type at the desk."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hilft.base.clock import now
from hilft.base.newlines import plain
from hilft.knowledge.models import Question, Version
from hilft.people.enums import Form
from hilft.people.models import User
from hilft.people.queries import active_staff


class DraftForm(forms.Form):
    """The composer: the text, the answer it was made from, and the last message its page showed."""

    text = forms.CharField(required=False, strip=False, max_length=50_000)
    question = forms.ModelChoiceField(Question.objects.answered(), required=False)
    version = forms.ModelChoiceField(Version.objects.select_related("author"), required=False)
    seen = forms.IntegerField(required=False, min_value=0)

    def clean_text(self) -> str:
        """Browsers send line ends of their own; an unchanged letter must stay unchanged."""
        return plain(self.cleaned_data["text"])

    def written(self) -> dict[str, Any]:
        """What a draft keeps."""
        return {name: self.cleaned_data[name] for name in ("text", "question", "version")}


class NoteForm(forms.Form):
    """An internal note."""

    text = forms.CharField(max_length=10_000)


class AssignForm(forms.Form):
    """Whose conversation this is; empty gives it back to the team."""

    to = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through
        self.fields["to"].queryset = active_staff()  # type: ignore[attr-defined]  # a ModelChoiceField


class SnoozeForm(forms.Form):
    """Until when a conversation is put away: one of the usual times, or a chosen one."""

    CHOICES = (
        ("1h", _("in one hour")),
        ("3h", _("in three hours")),
        ("tomorrow", _("tomorrow, 8:00")),
        ("monday", _("Monday, 8:00")),
        ("at", _("at a chosen time")),
    )
    when = forms.ChoiceField(choices=CHOICES)
    at = forms.DateTimeField(required=False)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("when") == "at" and not data.get("at") and not self.errors:
            self.add_error("at", _("Choose date and time."))
        return data

    def until(self) -> datetime:
        """The chosen moment."""
        here = timezone.localtime(now())
        morning = here.replace(hour=8, minute=0, second=0, microsecond=0)
        match self.cleaned_data["when"]:
            case "1h":
                return here + timedelta(hours=1)
            case "3h":
                return here + timedelta(hours=3)
            case "tomorrow":
                return morning + timedelta(days=1)
            case "monday":
                return morning + timedelta(days=7 - here.weekday())
            case _:
                chosen: datetime = self.cleaned_data["at"]
                return chosen


class FormOfAddressForm(forms.Form):
    """How this customer is addressed."""

    form = forms.ChoiceField(choices=Form)
