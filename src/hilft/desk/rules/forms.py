"""A rule as people write it: what it asks about, how, and with which values."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.approvals.enums import Tier
from hilft.approvals.rules import FACTS

NAMES: Final = {
    "purpose": gettext_lazy("what it is for"),
    "unchanged": gettext_lazy("an answer's text, unchanged"),
    "changed_share": gettext_lazy("percent of the answer's text changed"),
    "answer_linked": gettext_lazy("made from a hosted answer"),
    "answer_checked": gettext_lazy("made from a validated answer"),
    "offered": gettext_lazy("made from a text that is only offered"),
    "public": gettext_lazy("public"),
    "personal_data": gettext_lazy("personal data in a public text"),
    "risks": gettext_lazy("the text speaks of"),
    "asked_risks": gettext_lazy("the customer speaks of"),
    "channel": gettext_lazy("channel"),
    "language": gettext_lazy("language"),
    "topic": gettext_lazy("topic"),
    "by_hand": gettext_lazy("posted by hand"),
    "machine": gettext_lazy("drafted by a machine"),
    "uncertified": gettext_lazy("the author's certificate has ended"),
}
"""How people call the facts of `approvals.rules.FACTS`."""

HOW: Final = {
    "is": gettext_lazy("is"),
    "any": gettext_lazy("is one of"),
    "has": gettext_lazy("has a word that begins with"),
    "min": gettext_lazy("at least"),
    "max": gettext_lazy("at most"),
}
YES, NO = {"yes", "ja", "true", "1"}, {"no", "nein", "false", "0"}
MOST: Final = 6
"""Conditions that a rule may have."""


class RuleForm(forms.Form):
    """Name, tier and state of a rule."""

    label = forms.CharField(label=gettext_lazy("What it says, in German"), max_length=200)
    label_en = forms.CharField(label=gettext_lazy("What it says, in English"), max_length=200, required=False)
    tier = forms.TypedChoiceField(label=gettext_lazy("What happens then"), choices=Tier, coerce=int)
    active = forms.BooleanField(label=gettext_lazy("In force"), required=False)


class ConditionForm(forms.Form):
    """One condition; an empty one is none."""

    facts: Mapping[str, type] = FACTS
    names: Mapping[str, Any] = NAMES
    fact = forms.ChoiceField(label=gettext_lazy("Fact"), required=False)
    how = forms.ChoiceField(label=gettext_lazy("Comparison"), choices=HOW.items(), required=False)
    value = forms.CharField(label=gettext_lazy("Value"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((name, self.names[name]) for name in self.facts)]
        self.fields["fact"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Turns the words into what a rule keeps, as `kept`."""
        given: dict[str, Any] = super().clean() or {}
        name, how, value = given.get("fact"), given.get("how"), given.get("value", "").strip()
        if name:
            given["kept"] = self._kept(self.facts[name], how or "is", value)
        return given

    def _kept(self, kind: type, how: str, value: str) -> Any:
        if kind is bool and how == "is":
            if value.lower() in YES | NO:
                return value.lower() in YES
            raise forms.ValidationError(_("Write yes or no."))
        if kind is int and value.isdecimal():
            return int(value) if how == "is" else {how: int(value)}
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if parts and ((kind in (str, list) and how == "any") or (kind is str and how == "has")):
            return {how: parts}
        if kind is str and how == "is" and value:
            return value
        raise forms.ValidationError(_("This comparison does not go with this fact and value."))


Conditions = forms.formset_factory(ConditionForm, extra=MOST, max_num=MOST)


def told(kept: Mapping[str, Any]) -> list[dict[str, str]]:
    """A rule's conditions as the form shows them."""
    return [{"fact": name, **_told(condition)} for name, condition in kept.items()]


def in_words(kept: Mapping[str, Any], names: Mapping[str, Any] = NAMES) -> list[str]:
    """A rule's conditions as people read them."""
    return [f"{names.get(row['fact'], row['fact'])} {HOW[row['how']]}: {row['value']}" for row in told(kept)]


def when(conditions: Any) -> dict[str, Any]:
    """What a rule keeps of a valid formset."""
    return {row["fact"]: row["kept"] for row in conditions.cleaned_data if row and row.get("fact")}


def _told(condition: Any) -> dict[str, str]:
    if isinstance(condition, bool):
        return {"how": "is", "value": _("yes") if condition else _("no")}
    if not isinstance(condition, dict):
        return {"how": "is", "value": str(condition)}
    ((how, value), *_more) = condition.items()
    return {"how": how, "value": ", ".join(value) if isinstance(value, list) else str(value)}
