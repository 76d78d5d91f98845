"""What each person sets for themselves: undo time on the server, appearance and keys in the browser."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hilft.base.enums import Language
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people.commands import set_availability, set_undo_time
from hilft.people.queries import availability_of

YEAR = 365 * 24 * 3600
COOKIES = {"theme": {"light", "dark", "auto"}, "keys": {"on", "off"}}


class PreferencesForm(forms.Form):
    """How long a reply waits before it leaves."""

    undo_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds to take a reply back"),
        min_value=0,
        max_value=60,
        help_text=gettext_lazy("Between 0 and 60. So long a released reply waits before it leaves."),
    )


class AvailabilityForm(forms.Form):
    """Whether somebody is given conversations, how many and of what kind."""

    takes = forms.BooleanField(
        label=gettext_lazy("Give me conversations"),
        required=False,
        help_text=gettext_lazy("Else you take them yourself: Shift and i takes the next one."),
    )
    most = forms.IntegerField(label=gettext_lazy("At most so many that wait for an answer"), min_value=1, max_value=50)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=Language, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.CharField(
        label=gettext_lazy("Topics"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("With commas between them. Empty: all topics."),
    )


@staff("conversation.work")
@require_http_methods(["GET", "POST"])
def availability(request: StaffRequest) -> HttpResponse:
    """What somebody is given."""
    mine = availability_of(request.user)
    known = {"takes": mine.takes, "most": mine.most, "languages": mine.languages, "topics": ", ".join(mine.topics)}
    form = AvailabilityForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"topics": form.cleaned_data["topics"].split(",")}
        set_availability(by=request.user, **given)
        say(request, _("Saved."))
        return back_to("desk:availability")
    return render(request, "desk/operator/availability.html", {"view": "preferences", "form": form})


@staff()
@require_http_methods(["GET", "POST"])
def preferences(request: StaffRequest) -> HttpResponse:
    """A form for people; scripts post one changed cookie at a time and get no page."""
    cookies = {n: v for n, v in request.POST.items() if n in COOKIES and v in COOKIES[n]}
    if cookies and "undo_seconds" not in request.POST:
        return _keep(HttpResponse(status=204), cookies)
    form = PreferencesForm(request.POST or None, initial={"undo_seconds": request.user.undo_seconds})
    if request.method == "POST" and form.is_valid():
        set_undo_time(by=request.user, seconds=form.cleaned_data["undo_seconds"])
        say(request, _("Saved."))
        return _keep(back_to("desk:preferences"), cookies)
    context = {
        "view": "preferences",
        "form": form,
        "theme": request.COOKIES.get("theme", "auto"),
        "keys": request.COOKIES.get("keys", "on"),
    }
    return render(request, "desk/operator/preferences.html", context)


def _keep(response: HttpResponse, cookies: dict[str, str]) -> HttpResponse:
    for name, value in cookies.items():
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax")
    return response
