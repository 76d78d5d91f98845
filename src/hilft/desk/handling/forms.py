"""What people say of a conversation beside their replies."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.base.clock import now
from hilft.desk.rules.forms import ConditionForm
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.facts import FACTS
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.handling.tags import names
from hilft.knowledge.models import Question
from hilft.people.models import Team, User
from hilft.people.queries import active_staff

STEPS: Final = [
    (do.value, do.label)
    for do in (Do.ASSIGN, Do.TEAM, Do.TAG, Do.UNTAG, Do.TOPIC, Do.SNOOZE, Do.CLOSE, Do.SPAM, Do.FOREIGN)
]
"""What can be done with many at once, and by rules and macros."""
MORNING = time(8)
MOST: Final = 4
"""Steps that a rule may take."""
NAMES: Final = {
    "network": gettext_lazy("channel"),
    "account": gettext_lazy("account"),
    "language": gettext_lazy("language"),
    "public": gettext_lazy("public"),
    "addressed": gettext_lazy("spoken to us"),
    "text": gettext_lazy("the message"),
    "author": gettext_lazy("author"),
    "earlier": gettext_lazy("earlier conversations of the contact"),
    "topic": gettext_lazy("topic"),
    "tags": gettext_lazy("tags"),
    "business_time": gettext_lazy("came in at business hours"),
    "risks": gettext_lazy("the customer speaks of"),
}
"""How people call the facts of `inbox.handling.facts.FACTS`."""


class TagsForm(forms.Form):
    """The topic and all tags of a conversation, with commas between."""

    topic = forms.CharField(max_length=80, required=False)
    tags = forms.CharField(max_length=1000, required=False)


class FollowUpForm(forms.Form):
    """The day on which a conversation is looked at again, and why."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=gettext_lazy("What is to be done then"), max_length=300, required=False)

    def clean_on(self) -> datetime:
        """That day's morning, or today's next moment."""
        day = self.cleaned_data["on"]
        if day <= timezone.localdate(now()):
            raise forms.ValidationError(_("Choose a day in the future."))
        return timezone.make_aware(datetime.combine(day, MORNING))


class TeamField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """A team by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """What the choice says."""
        return str(obj.name)


class QuestionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """A hosted question by its address on the desk, or its number there: there may be too many to choose from."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """Finds the number in what was pasted."""
        number = re.search(r"(\d+)/?\s*$", str(value)) if value else None
        return super().to_python(number[1] if number else value)


class StepForm(forms.Form):
    """A step as people choose it: what, and for which person, team, words or time."""

    do = forms.ChoiceField(label=gettext_lazy("What"), choices=STEPS)
    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Person"), required=False, empty_label="–")
    team = TeamField(Team.objects.order_by("name", "pk"), label=gettext_lazy("Team"), required=False, empty_label="–")
    words = forms.CharField(label=gettext_lazy("Topic or tags"), max_length=300, required=False)
    hours = forms.IntegerField(label=gettext_lazy("Hours"), required=False, min_value=1, max_value=24 * 365)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = active_staff()  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        """A step that needs a value has one; assigning to nobody gives back to the team."""
        given: dict[str, Any] = super().clean() or {}
        needed = {Do.TAG: "words", Do.UNTAG: "words", Do.TOPIC: "words", Do.SNOOZE: "hours", Do.TEAM: "team"}
        name = needed.get(Do(given["do"])) if given.get("do") else None
        if name and not given.get(name):
            self.add_error(name, _("Say for which."))
        return given

    def wanted(self) -> Wanted:
        """As handiwork takes it."""
        given = self.cleaned_data
        do = Do(given["do"])
        value = {
            Do.ASSIGN: given["person"].pk if given["person"] else None,
            Do.TEAM: given["team"].pk if given["team"] else None,
            Do.TAG: names(given["words"]),
            Do.UNTAG: names(given["words"]),
            Do.TOPIC: given["words"],
            Do.SNOOZE: given["hours"],
        }
        return Wanted(do, value.get(do))

    @staticmethod
    def told(kept: Mapping[str, Any]) -> dict[str, Any]:
        """A kept step as the form shows it."""
        wanted = Wanted.of(kept)
        field = {Do.ASSIGN: "person", Do.TEAM: "team", Do.SNOOZE: "hours"}.get(wanted.do, "words")
        value = ", ".join(wanted.value) if isinstance(wanted.value, list) else wanted.value
        return {"do": wanted.do, field: value}


class EffectForm(StepForm):
    """A step of a rule; an empty one is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["do"] = forms.ChoiceField(label=_("What"), choices=[("", "–"), *STEPS], required=False)


class IntakeConditionForm(ConditionForm):
    """One condition about a message that comes in."""

    facts = FACTS
    names = NAMES


class IntakeRuleForm(forms.Form):
    """Name and state of a rule."""

    label = forms.CharField(label=gettext_lazy("What it does, in German"), max_length=200)
    label_en = forms.CharField(label=gettext_lazy("What it does, in English"), max_length=200, required=False)
    last = forms.BooleanField(label=gettext_lazy("Ask no rule after it"), required=False)
    active = forms.BooleanField(label=gettext_lazy("In force"), required=False)


IntakeConditions = forms.formset_factory(IntakeConditionForm, extra=MOST, max_num=MOST)
Effects = forms.formset_factory(EffectForm, extra=MOST, max_num=MOST)


class MacroForm(forms.Form):
    """A macro: its name, whose it is, and its text."""

    label = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    mine = forms.BooleanField(label=gettext_lazy("For me only"), required=False)
    team = TeamField(
        Team.objects.order_by("name", "pk"),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=gettext_lazy("everybody"),
    )
    question = QuestionField(
        Question.objects.answered(),
        label=gettext_lazy("Answer of a hosted question"),
        required=False,
        help_text=gettext_lazy("The question's address on the desk, or its number there."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or a text, in German"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("{name} and {handle} are the customer's, {agent} is your name."),
    )
    text_en = forms.CharField(
        label=gettext_lazy("In English"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
