"""What editors choose when they merge or split."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hilft.knowledge.models import Question, Wording


class WordingField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for mypy alone
    """Wordings to be ticked, shown by their words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: object) -> str:
        return obj.text if isinstance(obj, Wording) else str(obj)


class SplitForm(forms.Form):
    """What the new question is called, which wordings go there, and what stays although it was asked in them."""

    title = forms.CharField(label=_("New question"), max_length=200, help_text=_("As a customer would ask it."))
    topic = forms.CharField(label=_("Topic"), max_length=80, widget=forms.TextInput(attrs={"list": "topics"}))
    wordings = WordingField(Wording.objects.none(), label=_("Wordings that go there"))

    def __init__(self, question: Question, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through
        mine = Wording.objects.current().filter(question=question).order_by("-added_at", "-pk")
        self.fields["wordings"].queryset = mine  # type: ignore[attr-defined]  # a WordingField
