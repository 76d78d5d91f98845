"""What a guest fills in; too long, empty or written by a machine is refused in plain words."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

TITLE = 160
DETAILS = 5000


class TitleForm(forms.Form):
    """The first step: the question in one sentence."""

    title = forms.CharField(
        label=_("Your question in one sentence"),
        max_length=TITLE,
        min_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-similar": ""}),
        help_text=_("For instance: How do I get a new appointment with the technician?"),
        error_messages={"min_length": _("A few more words, please, so that we understand what it is about.")},
    )


class Guarded(forms.Form):
    """A field that people do not see; whoever fills it in is a machine."""

    website = forms.CharField(
        required=False, label=_("Leave this empty"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field must stay empty."))
        return ""


class QuestionForm(Guarded):
    """The second step: details, and where the reply goes."""

    title = forms.CharField(label=_("Your question in one sentence"), max_length=TITLE, min_length=8)
    text = forms.CharField(
        label=_("Details"),
        max_length=DETAILS,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_(
            "What happened, what have you tried, which device is it? Everybody can read this: "
            "please no customer numbers, phone numbers or addresses."
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        help_text=_("Stands above your question. A first name is enough."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Nobody sees it. You get a link to confirm your question, and a notice when we reply."),
    )


class AdditionForm(Guarded):
    """What the asker adds to their own question."""

    text = forms.CharField(label=_("Add something or ask back"), max_length=DETAILS, widget=forms.Textarea)


class FollowForm(Guarded):
    """Where news of a question goes."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Nobody sees it. You get a link to confirm it first."),
    )
    me_too = forms.BooleanField(label=_("I have this question too: count me in"), required=False, initial=True)
