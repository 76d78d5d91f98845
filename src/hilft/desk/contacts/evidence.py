"""What is asked of whoever says that two contacts, or a contact and a number, belong together."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hilft.contacts import queries
from hilft.inbox.models import Message

SAID = 30


class MessageField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """A message by what it says."""

    def label_from_instance(self, obj: Any) -> str:
        """Who wrote it, and its beginning."""
        return f"{obj.conversation.handle.shown}: {' '.join(obj.text.split())[:90]}"


class EvidenceForm(forms.Form):
    """The message or the words that speak for it; which kinds of evidence there are, each form says itself."""

    message = MessageField(
        Message.objects.none(),
        label=gettext_lazy("The message in which the customer says so"),
        required=False,
        empty_label="–",
    )
    words = forms.CharField(label=gettext_lazy("In your words"), max_length=300, required=False)

    def __init__(self, *args: Any, contacts: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = queries.said_in(contacts)
        recent = list(said.values_list("pk", flat=True)[:SAID])
        self.fields["message"].queryset = said.filter(pk__in=recent)  # type: ignore[attr-defined]  # a ModelChoiceField
