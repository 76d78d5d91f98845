"""What is taught, as trainers write it: German first, English beside it."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy

from hilft.channels.registry import KINDS
from hilft.people.certificates import every_skill, skill_name
from hilft.people.enums import Gate
from hilft.people.models import Skill, User
from hilft.people.queries import active_staff
from hilft.training.models import ExamQuestion, PracticeTask

CHOICES: Final = 5
CRITERIA: Final = 6
LEVELS: Final = [(level, level) for level in range(1, 6)]


def line(label: Any, *, length: int = 120, needed: bool = True) -> forms.CharField:
    """A text on one line."""
    return forms.CharField(label=label, max_length=length, required=needed)


def long(label: Any, *, rows: int = 4, needed: bool = True, help_text: Any = "") -> forms.CharField:
    """A longer text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=needed, help_text=help_text)


def channel_choices() -> list[tuple[str, str]]:
    """All channels, then each."""
    return [("", gettext("all channels")), *((kind.kind, str(kind.label)) for kind in KINDS.values())]


class SkillField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """One of the skills, by its name in the person's language."""

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Skill"), queryset=Skill.objects.none(), empty_label="–")

    def label_from_instance(self, obj: Any) -> str:
        """The skill's name."""
        return skill_name(obj)


class GrantForm(forms.Form):
    """What somebody has proven elsewhere."""

    user = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none(), empty_label="–")
    skill = SkillField()
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=LEVELS, coerce=int)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    months = forms.IntegerField(label=gettext_lazy("Valid for so many months"), min_value=0, max_value=120, initial=12)
    source = forms.CharField(label=gettext_lazy("How it was proven"), max_length=200)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = active_staff().exclude(pk=by.pk)  # type: ignore[attr-defined]
        self.fields["skill"].queryset = every_skill()  # type: ignore[attr-defined]  # a SkillField
        self.fields["channel"].choices = channel_choices()  # type: ignore[attr-defined]  # a ChoiceField


class ModuleForm(forms.Form):
    """A module: its names, what it certifies, and how its exam goes."""

    title = line(gettext_lazy("Title, in German"))
    title_en = line(gettext_lazy("Title, in English"), needed=False)
    about = line(gettext_lazy("What it is about, in German"), length=300)
    about_en = line(gettext_lazy("What it is about, in English"), length=300, needed=False)
    skill = SkillField()
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=LEVELS, coerce=int, initial=2)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    valid_months = forms.IntegerField(
        label=gettext_lazy("Valid for so many months"), min_value=0, max_value=120, initial=12
    )
    drawn = forms.IntegerField(label=gettext_lazy("Questions per exam"), min_value=1, max_value=40, initial=5)
    pass_percent = forms.IntegerField(label=gettext_lazy("Percent to pass"), min_value=1, max_value=100, initial=80)
    retry_hours = forms.IntegerField(
        label=gettext_lazy("Hours until a second try"), min_value=0, max_value=720, initial=24
    )
    active = forms.BooleanField(label=gettext_lazy("Is taught"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = every_skill()  # type: ignore[attr-defined]  # a SkillField
        self.fields["channel"].choices = channel_choices()  # type: ignore[attr-defined]  # a ChoiceField


class LessonForm(forms.Form):
    """A lesson in both languages."""

    position = forms.IntegerField(label=gettext_lazy("Place"), min_value=0, max_value=99, initial=0)
    title = line(gettext_lazy("Title, in German"))
    text = long(gettext_lazy("Text, in German"), rows=12, help_text=gettext_lazy("Markdown: **bold**, lists, tables."))
    title_en = line(gettext_lazy("Title, in English"), needed=False)
    text_en = long(gettext_lazy("Text, in English"), rows=12, needed=False)


class MediaForm(forms.Form):
    """A file, and what it shows or says in words."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A picture up to 2 MB, sound or film up to 10 MB."),
    )
    alt = long(gettext_lazy("In words, in German"), rows=2, help_text=gettext_lazy("Of sound and film, what is said."))
    alt_en = long(gettext_lazy("In words, in English"), rows=2, needed=False)


class QuestionForm(forms.Form):
    """A question of the bank; its choices are a formset beside it."""

    text = long(gettext_lazy("Question, in German"), rows=2)
    text_en = long(gettext_lazy("Question, in English"), rows=2, needed=False)
    explanation = long(gettext_lazy("Why, in German"), rows=2)
    explanation_en = long(gettext_lazy("Why, in English"), rows=2, needed=False)
    active = forms.BooleanField(label=gettext_lazy("Is asked"), required=False, initial=True)


class ChoiceForm(forms.Form):
    """One choice; an empty one is none."""

    de = line(gettext_lazy("Choice, in German"), length=300, needed=False)
    en = line(gettext_lazy("in English"), length=300, needed=False)
    right = forms.BooleanField(label=gettext_lazy("right"), required=False)


class TaskForm(forms.Form):
    """A practice task; its criteria are a formset beside it."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"))
    customer = line(gettext_lazy("Who writes"), length=100)
    handle = line(gettext_lazy("Their handle"), length=100, needed=False)
    post = long(gettext_lazy("What they write, in German"))
    post_en = long(gettext_lazy("What they write, in English"), needed=False)
    hint = long(gettext_lazy("What one can know, in German"), rows=2, needed=False)
    hint_en = long(gettext_lazy("What one can know, in English"), rows=2, needed=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channel_choices()[1:]  # type: ignore[attr-defined]  # a ChoiceField


class CriterionForm(forms.Form):
    """One thing that a good reply has; an empty one is none."""

    de = line(gettext_lazy("A good reply …, in German"), length=300, needed=False)
    en = line(gettext_lazy("in English"), length=300, needed=False)


class RequirementForm(forms.Form):
    """What is required for what."""

    gate = forms.ChoiceField(label=gettext_lazy("For"), choices=Gate)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    skill = SkillField()
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=LEVELS, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = every_skill()  # type: ignore[attr-defined]  # a SkillField
        self.fields["channel"].choices = channel_choices()  # type: ignore[attr-defined]  # a ChoiceField


class ProfileForm(forms.Form):
    """What a role does, and the level of each skill that it needs."""

    tasks = long(gettext_lazy("Tasks, in German"), rows=3)
    tasks_en = long(gettext_lazy("Tasks, in English"), rows=3, needed=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(0, "–"), *LEVELS]
        for skill in every_skill():
            self.fields[f"skill-{skill.key}"] = forms.TypedChoiceField(
                label=skill_name(skill), choices=levels, coerce=int, initial=0
            )

    def needs(self) -> dict[str, int]:
        """Skill → level, as it was chosen."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name.startswith("skill-")}
        return {name.removeprefix("skill-"): value for name, value in chosen.items()}


Choices = forms.formset_factory(ChoiceForm, extra=0, min_num=CHOICES)
Criteria = forms.formset_factory(CriterionForm, extra=0, min_num=CRITERIA)


def first_of(found: Any, form: type[forms.Form]) -> dict[str, Any]:
    """What a form shows of a row that is there."""
    return {name: getattr(found, name) for name in form.base_fields}


def padded(rows: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """Rows with room for some more."""
    return rows + [{} for _ in range(number - len(rows))]


def choices_of(question: ExamQuestion | None) -> list[dict[str, Any]]:
    """A question's choices for the formset."""
    return padded(list(question.choices) if question else [], CHOICES)


def criteria_of(task: PracticeTask | None) -> list[dict[str, Any]]:
    """A task's criteria for the formset."""
    return padded(list(task.criteria) if task else [], CRITERIA)
