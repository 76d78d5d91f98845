"""What each person sets for themselves: undo time on the server, appearance and keys in the browser."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people.commands import set_undo_time

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
