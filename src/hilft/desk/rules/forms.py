"""A rule as people write it: what it asks about, how, and with which values."""

from collections.abc import Mapping
from typing import Any, Final

from babel.lists import format_list
from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hilft.approvals.enums import Tier
from hilft.approvals.rules import FACTS
from hilft.desk.rules.values import code_for, word_for, words_of

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
OFFERED: Final = "values-"
"""What the ids of the lists of offered words begin with; the fact's name follows."""
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
        offered = {"data-complete": OFFERED, "data-complete-by": self["fact"].id_for_label, "data-complete-after": ","}
        self.fields["value"].widget.attrs.update(offered, autocomplete="off")

    @property
    def offered(self) -> list[tuple[str, Any, list[str]]]:
        """Facts with only some values: the id of the list of their words, the fact's name, and the words."""
        words = {
            name: _yes_no() if kind is bool else list(words_of(name).values()) for name, kind in self.facts.items()
        }
        return [(f"{OFFERED}{name}", self.names[name], found) for name, found in words.items() if found]

    def clean(self) -> dict[str, Any]:
        """Turns the words into what a rule keeps, as `kept`."""
        given: dict[str, Any] = super().clean() or {}
        name, how, value = given.get("fact"), given.get("how"), given.get("value", "").strip()
        if name:
            given["kept"] = self._kept(name, how or "is", value)
        return given

    def _kept(self, name: str, how: str, value: str) -> Any:
        kind = self.facts[name]
        if kind is bool and how == "is":
            if value.lower() in YES | NO:
                return value.lower() in YES
            raise forms.ValidationError(_("Write yes or no."))
        if kind is int and value.isdecimal():
            return int(value) if how == "is" else {how: int(value)}
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if parts and kind is str and how == "has":
            return {how: parts}
        if parts and kind in (str, list) and how == "any":
            return {how: [_code(name, part) for part in parts]}
        if kind is str and how == "is" and value:
            return _code(name, value)
        raise forms.ValidationError(_("This comparison does not go with this fact and value."))


Conditions = forms.formset_factory(ConditionForm, extra=MOST, max_num=MOST)


def told(kept: Mapping[str, Any]) -> list[dict[str, str]]:
    """A rule's conditions as the form shows them."""
    return [{"fact": name, **_told(name, condition)} for name, condition in kept.items()]


def in_words(kept: Mapping[str, Any], names: Mapping[str, Any] = NAMES) -> list[str]:
    """A rule's conditions as people read them: that something is so needs a colon, one of several an "or"."""
    return [_said(row, names.get(row["fact"], row["fact"])) for row in told(kept)]


def when(conditions: Any) -> dict[str, Any]:
    """What a rule keeps of a valid formset."""
    return {row["fact"]: row["kept"] for row in conditions.cleaned_data if row and row.get("fact")}


def _told(name: str, condition: Any) -> dict[str, str]:
    if isinstance(condition, bool):
        return {"how": "is", "value": _yes_no()[0 if condition else 1]}
    if not isinstance(condition, dict):
        return {"how": "is", "value": word_for(name, str(condition))}
    ((how, value), *_more) = condition.items()
    values = value if isinstance(value, list) else [str(value)]
    return {"how": how, "value": ", ".join(values if how == "has" else [word_for(name, one) for one in values])}


def _said(row: Mapping[str, str], name: Any) -> str:
    if row["how"] == "is":
        return f"{name}: {row['value']}"
    if row["how"] == "any":
        return f"{name}: {format_list(row['value'].split(', '), 'or', locale=get_language() or 'de')}"
    return f"{name} {HOW[row['how']]}: {row['value']}"


def _yes_no() -> list[str]:
    return [_("yes"), _("no")]


def _code(name: str, said: str) -> str:
    try:
        return code_for(name, said)
    except LookupError as unknown:
        raise forms.ValidationError(str(unknown)) from unknown
