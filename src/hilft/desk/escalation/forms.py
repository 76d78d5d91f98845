"""What leads and agents type about deadlines, departments and hand-overs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.channels.models import Account
from hilft.channels.registry import KINDS
from hilft.escalation.enums import Reach, What
from hilft.escalation.models import Department, Schedule
from hilft.escalation.rules import is_for
from hilft.inbox.enums import Priority
from hilft.people.models import User
from hilft.people.queries import active_staff


class PromiseForm(forms.Form):
    """How soon a reply comes, where and with which priority."""

    what = forms.ChoiceField(label=gettext_lazy("What is promised"), choices=What)
    kind = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), required=False, choices=[("", gettext_lazy("any")), *Priority.choices]
    )
    minutes = forms.IntegerField(label=gettext_lazy("Within minutes"), min_value=1, max_value=100_000)
    schedule = forms.ModelChoiceField(
        Schedule.objects.order_by("name", "pk"),
        label=gettext_lazy("Hours that count"),
        required=False,
        empty_label=gettext_lazy("around the clock"),
    )
    warn = forms.IntegerField(label=gettext_lazy("First warning at percent"), min_value=1, max_value=98, initial=50)
    alarm = forms.IntegerField(label=gettext_lazy("Second warning at percent"), min_value=2, max_value=99, initial=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", _("any")), *((kind.kind, str(kind.label)) for kind in KINDS.values())]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField


class DepartmentForm(forms.Form):
    """Who is asked, about what, and how they are reached."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    topics = forms.CharField(
        label=gettext_lazy("Topics"), required=False, help_text=gettext_lazy("With commas between them.")
    )
    schedule = forms.ModelChoiceField(
        Schedule.objects.order_by("name", "pk"),
        label=gettext_lazy("Their hours"),
        required=False,
        empty_label=gettext_lazy("around the clock"),
    )
    reach = forms.ChoiceField(label=gettext_lazy("How they are reached"), choices=Reach)
    account = forms.ModelChoiceField(
        Account.objects.in_use().filter(kind="email").order_by("name", "pk"),
        label=gettext_lazy("Mail account that writes to them"),
        required=False,
        empty_label=gettext_lazy("the first one"),
    )
    url = forms.URLField(label=gettext_lazy("Address of their system"), required=False, max_length=500)
    secret = forms.CharField(
        label=gettext_lazy("Secret that both sides know"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Empty: stays as it is."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Can be asked"), required=False, initial=True)

    def clean_topics(self) -> list[str]:
        """Each topic once."""
        return _topics(self.cleaned_data["topics"])


class LevelForm(forms.Form):
    """Who is asked on a level, and how long they have."""

    name = forms.CharField(label=gettext_lazy("Name of the level"), max_length=100)
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner in hilft"), required=False)
    deputy = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Deputy in hilft"), required=False)
    address = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    deputy_address = forms.EmailField(label=gettext_lazy("Mail address of the deputy"), required=False)
    acknowledge_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to take it on"), min_value=1, max_value=100_000, initial=120
    )
    answer_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to answer"), min_value=1, max_value=100_000, initial=480
    )

    def __init__(self, *args: Any, reach: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = ("owner", "deputy")
        for name in people if reach == Reach.MAIL else ("address", "deputy_address"):
            del self.fields[name]
        for name in people:
            if name in self.fields:
                self.fields[name].queryset = active_staff()  # type: ignore[attr-defined]  # a ModelChoiceField


class ExpertForm(forms.Form):
    """Somebody who may be asked on a topic, and how long they have."""

    topics = forms.CharField(label=gettext_lazy("Topics"), help_text=gettext_lazy("With commas between them."))
    person = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Person in hilft"), required=False, empty_label="–"
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Of somebody outside; empty is the name in hilft."),
    )
    address = forms.EmailField(label=gettext_lazy("Mail address of somebody outside"), required=False)
    deputy = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Deputy in hilft"), required=False, empty_label="–"
    )
    deputy_address = forms.EmailField(label=gettext_lazy("Mail address of a deputy outside"), required=False)
    schedule = forms.ModelChoiceField(
        Schedule.objects.order_by("name", "pk"),
        label=gettext_lazy("Their hours"),
        required=False,
        empty_label=gettext_lazy("around the clock"),
    )
    acknowledge_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to take it on"), min_value=1, max_value=100_000, initial=120
    )
    answer_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes to answer"), min_value=1, max_value=100_000, initial=480
    )
    is_active = forms.BooleanField(label=gettext_lazy("Can be asked"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "deputy"):
            self.fields[name].queryset = active_staff()  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_topics(self) -> list[str]:
        """Each topic once."""
        return _topics(self.cleaned_data["topics"])


class HandOverForm(forms.Form):
    """What a department is asked."""

    department = forms.ModelChoiceField(Department.objects.none(), label=gettext_lazy("Department"))
    asked = forms.CharField(
        label=gettext_lazy("What they are to do or to say"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
    history = forms.BooleanField(
        label=gettext_lazy("What the customer wrote goes along"),
        required=False,
        help_text=gettext_lazy("Their name and the words shown beside, nothing else."),
    )

    def __init__(self, *args: Any, departments: list[Department], topic: str, **kwargs: Any) -> None:
        """The departments in their order; one that fits the topic is chosen already, else a person chooses."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = Department.objects.filter(is_active=True, levels__isnull=False).distinct()
        field.choices = [("", _("Choose a department")), *_grouped(departments, topic)]
        field.initial = next((one.pk for one in departments if is_for(one, topic)), None)


def _topics(text: str) -> list[str]:
    return [topic for topic in map(str.strip, text.split(",")) if topic]


def _grouped(departments: list[Department], topic: str) -> list[tuple[str, list[tuple[int, str]]]]:
    """In their order under headings: who knows the topic, then the other departments, then the other experts."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for one in departments:
        head = _("Other experts") if one.is_expert else _("Departments")
        if is_for(one, topic):
            head = _("Know about “%(topic)s”") % {"topic": topic}
        name = f"{one.name} ({', '.join(one.topics)})" if one.is_expert else one.name
        groups.setdefault(head, []).append((one.pk, name))
    return list(groups.items())
