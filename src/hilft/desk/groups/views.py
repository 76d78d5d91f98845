"""Groups of questions that nothing fits: the list, and one group about to become a hosted question."""

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.inbox.groups import host, text_of
from hilft.inbox.models import Group, Stray
from hilft.inbox.queries import examples, groups
from hilft.knowledge.queries import topics

PAGE = 20
SHOWN = 3
TITLE = 200


@dataclass(frozen=True)
class Row:
    """A group with what it consists of: some examples, and the channels it came in through."""

    group: Group
    shown: list[Stray]
    channels: list[str]


class HostForm(forms.Form):
    """What the new question is called."""

    title = forms.CharField(
        label=gettext_lazy("Question"), max_length=TITLE, help_text=gettext_lazy("As a customer would ask it.")
    )
    topic = forms.CharField(
        label=gettext_lazy("Topic"), max_length=80, widget=forms.TextInput(attrs={"list": "topics"})
    )


@staff("knowledge.write")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What keeps coming, the most frequent first."""
    page = page_of(request, groups(), size=PAGE)
    by_group = examples([group.pk for group in page.object_list])
    rows = [_row(group, by_group[group.pk]) for group in page.object_list]
    return render(request, "desk/groups/index.html", {"view": "groups", "page": page, "rows": rows})


@staff("knowledge.write")
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One group with title and wordings filled in; one click makes it a hosted question."""
    group = get_object_or_404(groups(), pk=pk)
    strays = examples([pk])[pk]
    form = HostForm(request.POST or None, initial={"title": _title(strays), "topic": _topic(strays)})
    if request.method == "POST" and form.is_valid():
        chosen = [int(key) for key in request.POST.getlist("wordings") if key.isdecimal()]
        question = host(by=request.user, group=group, wordings=chosen, **form.cleaned_data)
        say(request, _("Hosted. %(n)s conversations wait for its answer: write it now.") % {"n": len(strays)})
        return back_to("desk:question-edit", question.pk)
    context = {"view": "groups", "row": _row(group, strays), "strays": strays, "form": form, "topics": topics()}
    return render(request, "desk/groups/show.html", context)


def _row(group: Group, strays: list[Stray]) -> Row:
    return Row(group, strays[:SHOWN], sorted({stray.conversation.account.kind for stray in strays}))


def _title(strays: list[Stray]) -> str:
    """The shortest way in which somebody asked it."""
    asked = [" ".join((s.message.subject or s.message.text).split()) for s in strays if text_of(s.message)]
    return min(asked, key=len, default="")[:TITLE]


def _topic(strays: list[Stray]) -> str:
    """What agents said that it is about, most often."""
    said = [stray.conversation.topic for stray in strays if stray.conversation.topic]
    return max(sorted(set(said)), key=said.count, default="")
