"""Keys for other programs: who made them, what they may read, when they were used; making and ending them."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.people.enums import KeyRight
from hilft.people.keys import create_key, keys, revoke_key
from hilft.people.models import ApiKey


class KeyForm(forms.Form):
    """What a new key is for and what it may read."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("The program or the person that will use it."),
    )
    rights = forms.MultipleChoiceField(
        label=gettext_lazy("May read"), choices=KeyRight, widget=forms.CheckboxSelectMultiple
    )


@staff("key.manage")
@require_http_methods(["GET", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """All keys; the words of a new one stand in the answer to its making, and are kept nowhere."""
    form, words = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _key, words = create_key(by=request.user, **form.cleaned_data)
        form = KeyForm()
    context = {"view": "keys", "form": form, "words": words, "page": page_of(request, keys())}
    return render(request, "desk/operator/keys.html", context)


@staff("key.manage")
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends a key at once."""
    key = ApiKey.objects.get(pk=pk)
    revoke_key(by=request.user, key=key)
    say(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return back_to("desk:keys")
