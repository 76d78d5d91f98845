"""Single steps on a conversation: each a POST, and a way back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.handling.forms import FollowUpForm, TagsForm
from hilft.inbox.commands import set_topic
from hilft.inbox.handling import steps
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.models import Step
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.handling.tags import known, names
from hilft.inbox.queries import access_conversation
from hilft.people.errors import Refusal


def _back(request: StaffRequest, pk: int) -> HttpResponse:
    return back_to("desk:conversation", pk, query=request.GET.urlencode())


@staff("conversation.work")
@require_POST
def tags(request: StaffRequest, pk: int) -> HttpResponse:
    """What it is about: its topic, and the tags that are on it afterwards."""
    form = TagsForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("These tags are too long."))
    conversation = access_conversation(request.user, pk, action="conversation.work")
    wanted = known(names(form.cleaned_data["tags"]))
    gone = [name for name in conversation.tags if name not in wanted]
    if set(wanted) - set(conversation.tags):
        steps.take(by=request.user, conversation=conversation, wanted=Wanted(Do.TAG, wanted))
    if gone:
        steps.take(by=request.user, conversation=conversation, wanted=Wanted(Do.UNTAG, gone))
    if form.cleaned_data["topic"].strip() != conversation.topic:
        conversation.refresh_from_db()
        set_topic(by=request.user, conversation=conversation, topic=form.cleaned_data["topic"])
    return _back(request, pk)


@staff("conversation.work")
@require_POST
def sorting(request: StaffRequest, pk: int) -> HttpResponse:
    """Spam, or not for us: closed, kept, and to be brought back."""
    why = request.POST.get("why", "")
    if why not in {Do.SPAM, Do.FOREIGN}:
        raise Refusal(_("Say whether it is spam or not for us."))
    conversation = access_conversation(request.user, pk, action="conversation.work")
    step = steps.take(by=request.user, conversation=conversation, wanted=Wanted(Do(why)))
    told = _("Spam: %(name)s") if why == Do.SPAM else _("Not for us: %(name)s")
    say(request, told % {"name": conversation.handle.shown}, undo=reverse("desk:step-undo", args=[step.pk]))
    return back_to("desk:conversations", query=request.GET.urlencode())


@staff("conversation.work")
@require_POST
def follow_up(request: StaffRequest, pk: int) -> HttpResponse:
    """On which day it is looked at again, or that this has been done."""
    conversation = access_conversation(request.user, pk, action="conversation.work")
    if request.POST.get("done"):
        steps.take(by=request.user, conversation=conversation, wanted=Wanted(Do.FOLLOWED_UP))
        return _back(request, pk)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose a day in the future."))
    value = {"at": form.cleaned_data["on"].isoformat(), "note": form.cleaned_data["note"]}
    steps.take(by=request.user, conversation=conversation, wanted=Wanted(Do.FOLLOW_UP, value))
    return _back(request, pk)


@staff("conversation.work")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes one step back."""
    step = get_object_or_404(Step, pk=pk)
    stays = steps.undo(by=request.user, step=step)
    if stays:
        say(request, _("Taken back, except for what was changed since."))
    return _back(request, step.conversation_id)
