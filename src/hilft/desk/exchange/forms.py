"""What is taken in, from where, and under which names."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.knowledge.exchange.formats import FORMATS

LARGEST = 50 * 1024 * 1024


class ExchangeForm(forms.Form):
    """A file, its format, and which field has which name."""

    file = forms.FileField(label=gettext_lazy("File"))
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(name, label) for name, (label, _reader) in FORMATS.items()]
    )
    source = forms.CharField(
        label=gettext_lazy("Name of the other system"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Questions from there are recognised by it the next time. Empty, it is the format's name."
        ),
    )
    mapping = forms.CharField(
        label=gettext_lazy("Names of the fields"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line, where they are not the usual ones: title=Question, body=Reply, topic=Area"),
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Publish answers that are complete"),
        required=False,
        help_text=gettext_lazy(
            "A German answer is complete when it serves Sie and du. The others wait as versions in progress."
        ),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 50 MB. Split it."))
        return file

    def clean_mapping(self) -> dict[str, str]:
        """The lines as pairs."""
        lines = [line.strip() for line in str(self.cleaned_data["mapping"]).splitlines() if line.strip()]
        if any("=" not in line for line in lines):
            raise forms.ValidationError(_("Each line has the form field=name."))
        return {name.strip(): value.strip() for name, _eq, value in (line.partition("=") for line in lines)}
