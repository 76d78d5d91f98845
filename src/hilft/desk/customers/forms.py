"""What an operator types to set the system of customers up, and to try it."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.customers.enums import By, Kind
from hilft.customers.mapping import Field
from hilft.customers.models import System

ROOM: Final = 3
"""Empty rows for further fields."""

_token = RegexValidator(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", gettext_lazy("Not the name of a header."))
_printable = RegexValidator(r"^[\x20-\x7e]*$", gettext_lazy("Letters, digits and signs of ASCII only."))


def _path(label: Any, example: str, *, required: bool = False) -> forms.CharField:
    widget = forms.TextInput(attrs={"placeholder": example, "spellcheck": "false"})
    return forms.CharField(label=label, max_length=300, required=required, widget=widget)


class SystemForm(forms.Form):
    """Where the system is, how it is asked, and what must be checked; its fields are a formset beside it."""

    CONNECTION: Final = ("name", "base_url", "header", "secret", "active")
    PATHS: Final = ("read_path", "number_path", "mail_path", "phone_path")
    POINTERS: Final = ("list_pointer", "key_pointer", "number_pointer", "currency")
    LIMITS: Final = ("seconds", "kilobytes")
    RULE: Final = ("needed", "hours", "attempts")

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What the team calls it.")
    )
    base_url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        validators=[URLValidator(["https", "http"])],
        help_text=gettext_lazy(
            "Without the paths below. With http:// the key travels openly: only inside your network."
        ),
    )
    header = forms.CharField(
        label=gettext_lazy("Header of the key"),
        max_length=100,
        required=False,
        initial="Authorization",
        validators=[_token],
    )
    secret = forms.CharField(
        label=gettext_lazy("The key itself"),
        max_length=2000,
        required=False,
        validators=[_printable],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The header's whole value, for example “Bearer …”. Empty: stays as it is."),
    )
    active = forms.BooleanField(label=gettext_lazy("hilft may ask it"), required=False, initial=True)
    read_path = _path(gettext_lazy("One customer by its own key"), "/customers/{value}", required=True)
    number_path = _path(gettext_lazy("Search by customer number"), "/customers?number={value}")
    mail_path = _path(gettext_lazy("Search by e-mail address"), "/customers?email={value}")
    phone_path = _path(gettext_lazy("Search by phone number"), "/customers?phone={value}")
    list_pointer = _path(gettext_lazy("The list in an answer to a search"), "/customers")
    key_pointer = _path(gettext_lazy("A customer's key"), "/id", required=True)
    number_pointer = _path(gettext_lazy("A customer's number"), "/number", required=True)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=gettext_lazy("Currency"), initial="EUR")
    seconds = forms.IntegerField(label=gettext_lazy("Seconds for a whole answer"), min_value=1, max_value=15, initial=4)
    kilobytes = forms.IntegerField(
        label=gettext_lazy("Kilobytes of an answer"), min_value=1, max_value=5000, initial=256
    )
    needed = forms.IntegerField(
        label=gettext_lazy("So many checks have to be right"), min_value=1, max_value=9, initial=2
    )
    hours = forms.IntegerField(label=gettext_lazy("It holds for so many hours"), min_value=1, max_value=168, initial=24)
    attempts = forms.IntegerField(
        label=gettext_lazy("Wrong attempts an hour, until a lead has to"), min_value=1, max_value=20, initial=3
    )

    @property
    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The fields in the order in which they are thought of: heading, explanation, fields."""
        return [
            (_("Connection"), "", self._of(self.CONNECTION)),
            (
                _("Paths"),
                _("{value} stands for what is looked for. An empty path: no such search."),
                self._of(self.PATHS),
            ),
            (
                _("In its answers"),
                _("JSON pointers (RFC 6901): /customers/0/name is the name of the first of the customers."),
                self._of(self.POINTERS),
            ),
            (_("Patience"), "", self._of(self.LIMITS)),
        ]

    @property
    def rule(self) -> list[forms.BoundField]:
        """What must be checked."""
        return self._of(self.RULE)

    def _of(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]


class FieldForm(forms.Form):
    """One field of the record."""

    label = forms.CharField(label=gettext_lazy("Label"), max_length=60, required=False)
    label_en = forms.CharField(label=gettext_lazy("Label in English"), max_length=60, required=False)
    pointer = forms.CharField(
        label=gettext_lazy("JSON pointer"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind, initial=Kind.TEXT)
    check = forms.CharField(label=gettext_lazy("Checked as"), max_length=60, required=False)
    personal = forms.BooleanField(label=gettext_lazy("personal"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """Both a label and a pointer, or neither."""
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("label")) != bool(given.get("pointer")):
            raise forms.ValidationError(_("A field has a label and a pointer."))
        return given


Fields = forms.formset_factory(FieldForm, extra=ROOM)


def fields_of(formset: Any) -> list[Field]:
    """The rows that say something."""
    names = ("pointer", "label", "label_en", "kind", "personal", "check")
    return [Field(**{name: row[name] for name in names}) for row in formset.cleaned_data if row.get("pointer")]


def typed(system: System | None) -> Mapping[str, Any]:
    """What stands in the form; never the key."""
    names = set(SystemForm.base_fields) - {"secret"}
    return {name: getattr(system, name) for name in names} if system else {}


class TrialForm(forms.Form):
    """Whom the system is asked for."""

    way = forms.ChoiceField(
        label=gettext_lazy("Ask for"), choices=[*By.choices, ("key", gettext_lazy("its own key"))], required=True
    )
    value = forms.CharField(label=gettext_lazy("Which one"), max_length=200)
