"""What somebody looks for in the record."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from hilft.audit.queries import Asked
from hilft.desk.record.subjects import SUBJECTS
from hilft.desk.record.words import VERBS
from hilft.people.models import User
from hilft.people.queries import all_staff


def _by_words(words: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted(((key, str(says)) for key, says in words.items()), key=lambda pair: pair[1].casefold())


class SearchForm(forms.Form):
    """Every field narrows; an impossible value is told and narrows nothing."""

    actor: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), required=False, empty_label=_("everybody")
    )
    verb = forms.ChoiceField(
        label=_("What was done"), required=False, choices=lambda: [("", _("everything")), *_by_words(VERBS)]
    )
    kind = forms.ChoiceField(
        label=_("To what"), required=False, choices=lambda: [("", _("anything")), *_by_words(SUBJECTS)]
    )
    number = forms.IntegerField(label=_("Its number"), required=False, min_value=1, max_value=2**62)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = all_staff()  # type: ignore[attr-defined]  # a ModelChoiceField

    def asked(self) -> Asked:
        """What holds of it; days are whole ones here."""
        self.is_valid()
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        return Asked(
            actor=given["actor"].pk if given.get("actor") else None,
            verb=given.get("verb", ""),
            subject_kind=given.get("kind", ""),
            subject_id=given.get("number"),
            since=make_aware(datetime.combine(since, time())) if since else None,
            until=make_aware(datetime.combine(until + timedelta(days=1), time())) if until else None,
        )
