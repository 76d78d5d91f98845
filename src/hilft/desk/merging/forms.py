"""What editors choose when they merge or split."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hilft.knowledge.models import Question, Wording


class WordingsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Wordings, shown by their words."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.text)


class SplitForm(forms.Form):
    """What the new question is called, which wordings go there, and what stays although it was asked in them."""

    title = forms.CharField(label=_("New question"), max_length=200, help_text=_("As a customer would ask it."))
    topic = forms.CharField(label=_("Topic"), max_length=80, widget=forms.TextInput(attrs={"list": "topics"}))
    wordings = WordingsField(Wording.objects.none(), label=_("Wordings that go there"))

    def __init__(self, question: Question, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through
        field = self.fields["wordings"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Wording.objects.current().filter(question=question).order_by("-added_at", "-pk")
        field.widget = forms.CheckboxSelectMultiple()
        field.widget.choices = field.choices
