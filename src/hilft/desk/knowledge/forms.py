"""What editors fill in: a question, its answer in each language and form of address, and how it is published."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilft.knowledge.commands import Key, Written
from hilft.knowledge.enums import Audience, Confidence
from hilft.knowledge.models import Version

KEYS: Final[dict[str, tuple[Key, str | Promise]]] = {
    "de-sie": (("de", "sie"), _("German, Sie")),
    "de-du": (("de", "du"), _("German, du")),
    "en-none": (("en", "none"), _("English")),
}
"""The texts of a version by the name used in addresses and fields."""


class QuestionForm(forms.Form):
    """What a question is called and what it is about."""

    title = forms.CharField(label=_("Question"), max_length=200, help_text=_("As a customer would ask it."))
    title_en = forms.CharField(label=_("Question in English"), max_length=200, required=False)
    topic = forms.CharField(label=_("Topic"), max_length=80, widget=forms.TextInput(attrs={"list": "topics"}))


class StateForm(forms.Form):
    """How far an answer can be relied on, and who may read it."""

    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence)
    audience = forms.ChoiceField(label=_("Audience"), choices=Audience)


class WordingForm(forms.Form):
    """Another way of asking."""

    text = forms.CharField(label=_("Another way of asking"), max_length=600)


class AnswerForm(forms.Form):
    """A version being written: a text and a short one for each language and form of address."""

    note = forms.CharField(
        label=_("What changed"), max_length=300, required=False, help_text=_("One line for the version history.")
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, ((language, _address), _label) in KEYS.items():
            required = language == "de"
            attrs = {"lang": language, "rows": 9}
            self.fields[f"body_{name}"] = forms.CharField(
                label=_("Answer"), required=required, max_length=20_000, widget=forms.Textarea(attrs=attrs)
            )
            self.fields[f"short_{name}"] = forms.CharField(
                label=_("Short text"), required=False, max_length=400, widget=forms.Textarea(attrs=attrs | {"rows": 3})
            )

    def parts(self) -> Iterator[tuple[str, str | Promise, BoundField, BoundField]]:
        """For the template: each text's name, label and its two fields."""
        for name, (_key, label) in KEYS.items():
            yield name, label, self[f"body_{name}"], self[f"short_{name}"]

    def texts(self) -> dict[Key, Written]:
        """What was written, by language and form of address; works on whatever was typed so far."""
        data = getattr(self, "cleaned_data", {})
        return {
            key: Written(data.get(f"body_{name}") or "", data.get(f"short_{name}") or "")
            for name, (key, _label) in KEYS.items()
        }


def initial_of(version: Version | None) -> dict[str, str]:
    """A version's texts as the form's first values."""
    if version is None:
        return {}
    names = {key: name for name, (key, _label) in KEYS.items()}
    initial: dict[str, str] = {}
    for text in version.texts.all():
        name = names[text.language, text.address]
        initial |= {f"body_{name}": text.body, f"short_{name}": text.short}
    return initial


class PublishForm(forms.Form):
    """What happens to the replies made from older versions."""

    CORRECT, KEEP = "correct", "keep"
    replies = forms.ChoiceField(choices=[(CORRECT, ""), (KEEP, "")], initial=CORRECT)
    reason = forms.CharField(max_length=300, required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("replies") == self.KEEP and not data.get("reason", "").strip():
            self.add_error("reason", _("Say in a few words why no reply needs correcting."))
        return data
