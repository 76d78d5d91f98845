"""What people do with a conversation: each a POST, one command, and the page anew."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilft.desk.conversations.forms import AssignForm, DraftForm, FormOfAddressForm, NoteForm, SnoozeForm
from hilft.desk.conversations.screen import draft_context, thread_context
from hilft.desk.frame import StaffRequest, back_to, chosen, is_fragment, say, staff
from hilft.inbox import commands
from hilft.inbox.enums import Verdict
from hilft.inbox.models import Conversation, Judgement
from hilft.inbox.queries import access_conversation
from hilft.inbox.routing import take_next
from hilft.knowledge.models import Question
from hilft.people.errors import Refusal
from hilft.publishing.budgets import OverBudget
from hilft.publishing.commands import drafts, stuck, taking_back
from hilft.publishing.models import Delivery
from hilft.publishing.queries import access_draft


def _conversation(request: StaffRequest, pk: int, action: str = "conversation.work") -> Conversation:
    return access_conversation(request.user, pk, action=action)


def _show(request: StaffRequest, pk: int) -> HttpResponse:
    return back_to("desk:conversation", pk, query=request.GET.urlencode())


def _list(request: StaffRequest) -> HttpResponse:
    return back_to("desk:conversations", query=request.GET.urlencode())


@staff("conversation.assign")
@require_POST
def assignment(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a conversation, or gives it to somebody."""
    form = AssignForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose somebody who works here."))
    to = request.user if request.POST.get("me") else form.cleaned_data["to"]
    commands.assign(by=request.user, conversation=_conversation(request, pk), to=to)
    return _show(request, pk)


@staff("conversation.work")
@require_POST
def next_one(request: StaffRequest) -> HttpResponse:
    """Takes what is due next of what this person can answer, and opens it."""
    conversation = take_next(by=request.user)
    return back_to("desk:conversation", conversation.pk, query="view=mine")


@staff("conversation.work")
@require_POST
def closing(request: StaffRequest, pk: int) -> HttpResponse:
    """Done."""
    conversation = _conversation(request, pk)
    commands.close(by=request.user, conversation=conversation)
    say(request, _("Done: %(name)s") % {"name": conversation.handle.shown}, undo=reverse("desk:reopen", args=[pk]))
    return _list(request)


@staff("conversation.work")
@require_POST
def reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """Open again."""
    commands.reopen(by=request.user, conversation=_conversation(request, pk))
    return _show(request, pk)


@staff("conversation.work")
@require_POST
def snoozing(request: StaffRequest, pk: int) -> HttpResponse:
    """Later."""
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose when the conversation should come back."))
    conversation = _conversation(request, pk)
    commands.snooze(by=request.user, conversation=conversation, until=form.until())
    say(request, _("Later: %(name)s") % {"name": conversation.handle.shown}, undo=reverse("desk:reopen", args=[pk]))
    return _list(request)


@staff("conversation.work")
@require_POST
def form_of_address(request: StaffRequest, pk: int) -> HttpResponse:
    """Sie or du."""
    form = FormOfAddressForm(request.POST)
    if form.is_valid():
        commands.set_form(by=request.user, conversation=_conversation(request, pk), form=form.cleaned_data["form"])
    return _show(request, pk)


@staff("conversation.work")
@require_POST
def note(request: StaffRequest, pk: int) -> HttpResponse:
    """An internal note."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("A note needs words."))
    commands.note(by=request.user, conversation=_conversation(request, pk), text=form.cleaned_data["text"])
    return _show(request, pk)


@staff("conversation.work")
@require_POST
def verdict(request: StaffRequest, pk: int) -> HttpResponse:
    """A person's word on a suggestion, or that none fits."""
    conversation = _conversation(request, pk)
    word = request.POST.get("verdict", "")
    if word not in Verdict.values:
        raise Refusal(_("Choose one of the verdicts."))
    question = chosen(request, "question", Question.objects.all()) if request.POST.get("question") else None
    commands.judge(by=request.user, conversation=conversation, verdict=Verdict(word), question=question)
    return back_to("desk:conversation-log", pk)


@staff("draft.write")
@require_POST
def reason(request: StaffRequest, pk: int) -> HttpResponse:
    """Why somebody wrote freely although a hosted answer seemed to fit: one word, which trains the matcher."""
    word = request.POST.get("verdict", "")
    if word not in {Verdict.WRONG, Verdict.OUTDATED, Verdict.PERSONAL}:
        raise Refusal(_("Choose one of the reasons."))
    question = chosen(request, "question", Question.objects.all())
    commands.judge(by=request.user, conversation=_conversation(request, pk), verdict=Verdict(word), question=question)
    return _show(request, pk)


@staff("wording.add")
@require_POST
def wording(request: StaffRequest, pk: int, judgement: int) -> HttpResponse:
    """Keeps the customer's words as a wording, or takes that back."""
    conversation = _conversation(request, pk)
    found = get_object_or_404(Judgement, pk=judgement, message__conversation=conversation)
    act = commands.drop_wording if request.POST.get("drop") else commands.keep_wording
    act(by=request.user, judgement=found)
    return back_to("desk:conversation-log", pk)


@staff("draft.write")
@require_POST
def save(request: StaffRequest, pk: int) -> HttpResponse:
    """The composer saves itself."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("This text is too long to be kept."))
    draft = drafts.begin(by=request.user, conversation=_conversation(request, pk))
    draft = drafts.save(by=request.user, draft=draft, **form.written())
    return render(request, "desk/conversations/draft_state.html", draft_context(draft))


@staff("draft.write")
@require_POST
def visibility(request: StaffRequest, pk: int) -> HttpResponse:
    """Turns the reply private or public and shows the composer anew; what was typed is kept."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("This text is too long to be kept."))
    conversation = _conversation(request, pk)
    draft = drafts.begin(by=request.user, conversation=conversation)
    drafts.save(by=request.user, draft=draft, **form.written())
    drafts.set_public(by=request.user, draft=draft, public=request.GET.get("public") == "1")
    if is_fragment(request):
        return render(request, "desk/conversations/opened.html", thread_context(request, conversation))
    return _show(request, pk)


@staff("draft.write")
@require_POST
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    """Sends the reply on its way, or to a second person; stops when something arrived meanwhile."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("This text is too long to be sent."))
    conversation = _conversation(request, pk)
    draft = drafts.begin(by=request.user, conversation=conversation)
    text, seen = form.cleaned_data["text"], form.cleaned_data["seen"] or 0
    drafts.save(by=request.user, draft=draft, **form.written())
    by_hand = bool(request.POST.get("by_hand"))
    try:
        drafts.submit(
            by=request.user, draft=draft, text=text, seen=seen, by_hand=by_hand, anyway=bool(request.POST.get("anyway"))
        )
    except drafts.Arrived as stop:
        return _stopped(request, conversation, arrived=stop.messages)
    except OverBudget as over:
        return _stopped(request, conversation, over_budget=over)
    return _show(request, pk)


def _stopped(request: StaffRequest, conversation: Conversation, **why: object) -> HttpResponse:
    template = "opened.html" if is_fragment(request) else "stopped.html"
    context = thread_context(request, conversation) | why
    return render(request, f"desk/conversations/{template}", context, status=409)


@staff("draft.write")
@require_POST
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a submitted draft back."""
    draft = access_draft(request.user, pk)
    drafts.withdraw(by=request.user, draft=draft)
    return _show(request, draft.conversation_id)


@staff("draft.write")
@require_POST
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Throws a draft away."""
    draft = access_draft(request.user, pk)
    drafts.discard(by=request.user, draft=draft)
    return _show(request, draft.conversation_id)


@staff("draft.write")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a released reply back while its undo time runs."""
    delivery = get_object_or_404(Delivery, pk=pk)
    taking_back.undo(by=request.user, delivery=delivery)
    return _show(request, delivery.conversation_id)


@staff("draft.write")
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """A person looked: the reply is not there, send it again."""
    delivery = get_object_or_404(Delivery, pk=pk)
    stuck.try_again(by=request.user, delivery=delivery)
    return _show(request, delivery.conversation_id)


@staff("draft.write")
@require_POST
def confirmation(request: StaffRequest, pk: int) -> HttpResponse:
    """A person saw the reply at the network, or posted it there by hand."""
    delivery = get_object_or_404(Delivery.objects.select_related("account", "conversation__handle"), pk=pk)
    stuck.confirm(by=request.user, delivery=delivery, url=request.POST.get("url", ""))
    return _show(request, delivery.conversation_id)


@staff("draft.write")
@require_POST
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """A person took care of it elsewhere."""
    delivery = get_object_or_404(Delivery, pk=pk)
    stuck.settle(by=request.user, delivery=delivery, remark=request.POST.get("remark", ""))
    return _show(request, delivery.conversation_id)
