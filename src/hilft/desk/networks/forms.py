"""The form that changes one fact: a value of the same kind, and where it comes from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hilft.channels.capabilities import Known

YES_OR_NO = [("yes", _("yes")), ("no", _("no"))]


class FactForm(forms.Form):
    """A new value for a fact; numbers are read as the person's language writes them."""

    value = forms.CharField(label=_("Value"))
    source = forms.CharField(
        label=_("Where this comes from"),
        max_length=300,
        help_text=_("An address, a letter, a call: so that the next person can check it."),
    )

    def __init__(self, known: Known, data: object = None) -> None:
        initial = {"value": known.value, "source": known.override.source if known.override else ""}
        if isinstance(known.fact.value, bool):
            initial["value"] = "yes" if known.value else "no"
        super().__init__(data, initial=initial, auto_id=f"{known.name.replace('.', '-')}-%s")  # type: ignore[arg-type]
        self.fields["value"] = self._field(known)

    @staticmethod
    def _field(known: Known) -> forms.Field:
        label = _("Value")
        if isinstance(known.fact.value, bool):
            return forms.TypedChoiceField(label=label, choices=YES_OR_NO, coerce=lambda said: said == "yes")
        typed = forms.TextInput(attrs={"inputmode": "decimal"})
        if isinstance(known.fact.value, int):
            return forms.IntegerField(label=label, localize=True, widget=typed)
        if isinstance(known.fact.value, float):
            return forms.FloatField(label=label, localize=True, widget=typed)
        return forms.CharField(label=label, max_length=200)
