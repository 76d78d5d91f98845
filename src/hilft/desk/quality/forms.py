"""What people fill in about quality: a scorecard's marks, plans, scorecards, and who coaches whom."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.approvals.enums import Tier
from hilft.channels.registry import KINDS
from hilft.people.models import User
from hilft.people.queries import active_staff
from hilft.quality.enums import Mark, Whose
from hilft.quality.models import Scorecard
from hilft.quality.queries import scorecards
from hilft.quality.rules import Criterion

ROOM: Final = 8
"""Criteria that a scorecard has room for."""


class ScoreForm(forms.Form):
    """One mark for each criterion of a scorecard, a comment where it is not met, and a remark on the whole."""

    def __init__(self, *args: Any, card: Scorecard, reasoned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = card.parts
        for one in self.parts:
            self.fields[f"mark-{one.key}"] = forms.ChoiceField(
                label=one.title, choices=Mark.choices, widget=forms.RadioSelect
            )
            self.fields[f"comment-{one.key}"] = forms.CharField(
                widget=forms.Textarea(attrs={"rows": 1}),
                required=False,
            )
        label = _("Your reasons, for the author") if reasoned else _("On the whole")
        self.fields["remark"] = forms.CharField(
            label=label, widget=forms.Textarea(attrs={"rows": 2}), required=reasoned
        )

    def rows(self) -> Iterator[tuple[Criterion, BoundField, BoundField]]:
        """Each criterion with its mark and its comment."""
        for one in self.parts:
            yield one, self[f"mark-{one.key}"], self[f"comment-{one.key}"]

    def clean(self) -> dict[str, Any]:
        """Asks for words where something is not met, and for one criterion that applies."""
        given: dict[str, Any] = super().clean() or {}
        marks = [given.get(f"mark-{one.key}") for one in self.parts]
        for one in self.parts:
            if given.get(f"mark-{one.key}") == Mark.MISSED and not given.get(f"comment-{one.key}"):
                self.add_error(f"comment-{one.key}", _("Say what should be different."))
        if marks and all(mark == Mark.NONE for mark in marks):
            self.add_error(None, _("At least one criterion has to apply."))
        return given

    def said(self) -> dict[str, Any]:
        """Marks, comments and remark as the commands take them."""
        given = self.cleaned_data
        return {
            "marks": {one.key: given[f"mark-{one.key}"] for one in self.parts},
            "comments": {one.key: given[f"comment-{one.key}"] for one in self.parts},
            "remark": given["remark"],
        }


class PlanForm(forms.Form):
    """What a plan draws, and by which scorecard it is reviewed."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    card = forms.ChoiceField(label=gettext_lazy("Scorecard"))
    whose = forms.ChoiceField(label=gettext_lazy("Draws from"), choices=Whose)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    tiers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only replies that the rules let through as"),
        help_text=gettext_lazy("None of them stands for all."),
        choices=Tier,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    percent = forms.IntegerField(label=gettext_lazy("Percent that are drawn"), min_value=1, max_value=100, initial=5)
    twice_percent = forms.IntegerField(
        label=gettext_lazy("Percent of these that two people review"),
        help_text=gettext_lazy("Without a second review nobody knows how far reviewers agree."),
        min_value=0,
        max_value=100,
        initial=20,
    )
    dispute_days = forms.IntegerField(
        label=gettext_lazy("Days in which a result can be disputed"), min_value=1, max_value=90, initial=14
    )
    active = forms.BooleanField(
        label=gettext_lazy("Draws from what is published from now on"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cards = [(card.key, card.said("title")) for card in scorecards()]
        kinds = [("", _("all channels")), *((kind.kind, str(kind.label)) for kind in KINDS.values())]
        self.fields["card"].choices = cards  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["channel"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField


class ScorecardForm(forms.Form):
    """A scorecard's names; its criteria are a formset beside it."""

    title = forms.CharField(label=gettext_lazy("Title, in German"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("Title, in English"), max_length=120, required=False)
    enough = forms.IntegerField(label=gettext_lazy("Percent that suffice"), min_value=1, max_value=100, initial=80)


class CriterionForm(forms.Form):
    """One criterion; one without a name is none."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("Criterion, in German"), max_length=80, required=False)
    name_en = forms.CharField(label=gettext_lazy("Criterion, in English"), max_length=80, required=False)
    about = forms.CharField(label=gettext_lazy("What it asks, in German"), max_length=300, required=False)
    about_en = forms.CharField(label=gettext_lazy("What it asks, in English"), max_length=300, required=False)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), min_value=1, max_value=10, initial=1)
    critical = forms.BooleanField(label=gettext_lazy("An error here fails the reply"), required=False)


Criteria = forms.formset_factory(CriterionForm, extra=0, min_num=ROOM)


def criteria_of(card: Scorecard | None) -> list[dict[str, Any]]:
    """A scorecard's criteria for the formset, with room for some more."""
    kept = list(card.criteria) if card else []
    return kept + [{"weight": 1} for _room in range(ROOM - len(kept))]


class CoachForm(forms.Form):
    """Somebody's coach, or that they have none."""

    coach = forms.ModelChoiceField(queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coach"].queryset = active_staff()  # type: ignore[attr-defined]  # a ModelChoiceField
