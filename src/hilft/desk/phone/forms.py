"""What somebody types during a call."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hilft.base.clock import now
from hilft.base.enums import Language
from hilft.base.newlines import plain
from hilft.channels.phone.notes import Note
from hilft.channels.phone.numbers import NotANumber, e164
from hilft.people.enums import Form
from hilft.people.models import User


class NumberField(forms.CharField):
    """A telephone number in any spelling; its value is E.164, or empty."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "tel", "autocomplete": "off", "inputmode": "tel"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        written: str = super().clean(value)
        try:
            return e164(written) if written else ""
        except NotANumber as error:
            raise ValidationError(
                _("Nobody can be called at this number. Write it with its area code; from abroad, with + in front.")
            ) from error


class NoteForm(forms.Form):
    """A phone note; `note` is the form's own id, so that sending it twice makes one conversation."""

    note = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What do they ask?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("In the customer's own words."),
    )
    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    number = NumberField(label=_("Phone number"), help_text=_("A German number needs no +49."))
    also = forms.CharField(
        label=_("E-mail address or handle"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language, initial=Language.DE)
    form = forms.ChoiceField(
        label=_("Form of address"),
        choices=[(Form.SIE, _("Sie")), (Form.DU, _("du"))],
        initial=Form.SIE,
        widget=forms.RadioSelect,
    )
    call_back = forms.BooleanField(label=_("Wishes to be called back"), required=False)
    call_back_number = NumberField(
        label=_("Call back at"), required=False, help_text=_("Empty where it is the number above.")
    )
    call_back_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_text(self) -> str:
        """Browsers send line ends of their own."""
        return plain(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        """A number or a time to call back at is a wish to be called back; a time that is over is none."""
        data = super().clean() or {}
        at = data.get("call_back_at")
        if at and at <= now():
            self.add_error("call_back_at", _("Choose a time in the future."))
        data["call_back"] = bool(data.get("call_back") or data.get("call_back_number") or at)
        return data

    def taken(self, *, by: User) -> Note:
        """The note as it is kept."""
        data = self.cleaned_data
        german = data["language"] == Language.DE
        return Note(
            id=data["note"].hex,
            name=data["name"],
            number=data["number"],
            text=data["text"],
            language=data["language"],
            by=by.name,
            at=now(),
            form=("du" if data["form"] == Form.DU else "sie") if german else "",
            also=data["also"],
            call_back=(data["call_back_number"] or data["number"]) if data["call_back"] else "",
            call_back_at=data["call_back_at"],
        )
