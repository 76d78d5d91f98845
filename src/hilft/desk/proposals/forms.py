"""What is filled in when a text is offered, and when it is decided on."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hilft.desk.knowledge.forms import AnswerForm
from hilft.desk.knowledge.previews import room
from hilft.knowledge.checklist import MACHINE, POINTS, Tick, seen_by_machine, ticks
from hilft.knowledge.commands import Key, Written
from hilft.knowledge.models import Question


class ProposalForm(AnswerForm):
    """A changed answer; where it holds at once, whether replies out there need correcting."""

    wording_only = forms.BooleanField(label=_("Only the wording changed: correct no reply"), required=False)
    read = forms.BooleanField(
        label=_("I have read it over: short, clear, current, one question, source named"), required=False
    )


class HostForm(forms.Form):
    """A new question with its answer, from what was written in a conversation; the other form may come later."""

    title = forms.CharField(label=_("Question"), max_length=200, help_text=_("As a customer would ask it."))
    topic = forms.CharField(label=_("Topic"), max_length=80, widget=forms.TextInput(attrs={"list": "topics"}))
    sie = forms.CharField(label=_("Answer, Sie"), max_length=20_000, required=False, widget=forms.Textarea)
    du = forms.CharField(label=_("Answer, du"), max_length=20_000, required=False, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("sie", "").strip() and not data.get("du", "").strip():
            self.add_error("sie", _("Write the answer in one form of address at least."))
        return data

    def texts(self) -> dict[Key, Written]:
        """What was written, by form of address."""
        return {("de", form): Written(self.cleaned_data[form], "") for form in ("sie", "du")}


class DecisionForm(forms.Form):
    """The checklist, each point ticked by whoever publishes, and what becomes of earlier replies."""

    points = forms.MultipleChoiceField(choices=list(POINTS.items()), required=False)
    wording_only = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300, required=False)

    def __init__(self, data: Any = None, *, found: Mapping[str, bool]) -> None:
        super().__init__(data)
        self.found = found

    def clean_points(self) -> list[str]:
        """Every point that no machine could tick."""
        ticked: list[str] = self.cleaned_data["points"]
        if "open" in ticks(self.found, ticked).values():
            raise forms.ValidationError(_("Tick every point first, or send the text back with a reason."))
        return ticked

    def rows(self) -> list[tuple[str, object, bool, bool]]:
        """For the template: code, label, whether the machine ticked it, whether a person did."""
        ticked = self.data.getlist("points") if self.is_bound and hasattr(self.data, "getlist") else []
        return [(code, label, self.found.get(code, False), code in ticked) for code, label in POINTS.items()]


def looked_over(question: Question, texts: Mapping[Key, Written]) -> dict[str, bool]:
    """What the machine says of these texts, by the room that the tightest network leaves."""
    rooms = {language: room(language, question) for language in ("de", "en")}
    return seen_by_machine(texts, room=rooms)


def all_ticks(question: Question, texts: Mapping[Key, Written], *, read: bool) -> dict[str, Tick]:
    """The checklist of a text that was read over as a whole."""
    by_hand: Collection[str] = [code for code in POINTS if code not in MACHINE] if read else []
    return ticks(looked_over(question, texts), by_hand)
