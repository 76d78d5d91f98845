"""From the conversation: fixing a suggested answer in place, and hosting a new one made of what was written there."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, is_fragment, say, staff
from hilft.desk.knowledge.forms import initial_of
from hilft.desk.knowledge.screen import current_and_progress
from hilft.desk.proposals.forms import HostForm, ProposalForm, all_ticks
from hilft.inbox import answering
from hilft.inbox.models import Conversation
from hilft.inbox.queries import access_conversation, latest_inbound
from hilft.knowledge import proposals
from hilft.knowledge.checklist import keep
from hilft.knowledge.commands import as_wording
from hilft.knowledge.enums import Release
from hilft.knowledge.models import Question, Version
from hilft.knowledge.queries import access_question, topics
from hilft.knowledge.rules import word_of
from hilft.people.errors import Refusal
from hilft.people.rules import right_of
from hilft.publishing.queries import own_words

NAMES = {"du": "de-du"}


@staff("answer.propose")
@require_http_methods(["GET", "POST"])
def fix(request: StaffRequest, pk: int, question: int) -> HttpResponse:
    """The answer's texts to be changed in place; its POST publishes or offers them, by the person's right."""
    conversation = access_conversation(request.user, pk)
    found = access_question(request.user, question)
    current, _progress = current_and_progress(found)
    if current is None:
        raise Refusal(_("This question has no published answer."))
    form = ProposalForm(request.POST or None, initial=initial_of(current) | {"based_on": current.number})
    if request.method == "POST" and form.is_valid():
        return _fixed(request, conversation, found, form)
    first = NAMES.get(conversation.form, "en-none" if conversation.language == "en" else "de-sie")
    parts = sorted(form.parts(), key=lambda part: part[0] != first)
    context = _context(request, conversation) | {
        "form": form,
        "question": found,
        "version": current,
        "parts": parts,
        "at_once": word_of(right_of(request.user), own=True, governance=found.answer.governance) is not None,
    }
    return _shown(request, "fix", context, failed=bool(form.errors))


def _fixed(request: StaffRequest, conversation: Conversation, question: Question, form: ProposalForm) -> HttpResponse:
    said, texts = form.cleaned_data, form.texts()
    version = proposals.propose(
        by=request.user,
        question=question,
        texts=texts,
        note=said["note"],
        based_on=said["based_on"],
        wording_only=said["wording_only"],
    )
    keep(by=request.user, version=version, points=all_ticks(question, texts, read=said["read"]))
    _tell(
        request, version, undo=f"{reverse('desk:proposal-withdraw', args=[version.pk])}?conversation={conversation.pk}"
    )
    return back_to("desk:conversation", conversation.pk)


@staff("answer.propose")
@require_http_methods(["GET", "POST"])
def host(request: StaffRequest, pk: int) -> HttpResponse:
    """A new question with an answer, begun with the customer's words and one's own reply."""
    conversation = access_conversation(request.user, pk, action="conversation.work")
    form = HostForm(request.POST or None, initial=_begun(request, conversation))
    if request.method == "POST" and form.is_valid():
        return _hosted(request, conversation, form)
    context = _context(request, conversation) | {"form": form, "topics": topics()}
    return _shown(request, "host", context, failed=bool(form.errors))


def _hosted(request: StaffRequest, conversation: Conversation, form: HostForm) -> HttpResponse:
    said, texts = form.cleaned_data, form.texts()
    version = answering.host(
        by=request.user, conversation=conversation, title=said["title"], topic=said["topic"], texts=texts
    )
    question = version.answer.question
    keep(by=request.user, version=version, points=all_ticks(question, texts, read=False))
    _tell(request, version, undo=reverse("desk:host-undo", args=[conversation.pk, question.pk]))
    return back_to("desk:conversation", conversation.pk)


@staff("answer.propose")
@require_POST
def host_undo(request: StaffRequest, pk: int, question: int) -> HttpResponse:
    """Takes the new question back as long as nobody else has done anything with it."""
    conversation = access_conversation(request.user, pk, action="conversation.work")
    answering.take_back(by=request.user, conversation=conversation, question=get_object_or_404(Question, pk=question))
    say(request, _("The new question is taken back."))
    return back_to("desk:conversation", pk)


def _begun(request: StaffRequest, conversation: Conversation) -> dict[str, str]:
    """What the form begins with: the customer's words, and the agent's in the form of address they were written in."""
    latest = latest_inbound(conversation)
    words = own_words(conversation, by=request.user)
    return {
        "title": as_wording(latest.subject or latest.text)[:200] if latest else "",
        "topic": conversation.topic,
        "du" if conversation.form == "du" else "sie": words,
    }


def _tell(request: StaffRequest, version: Version, *, undo: str) -> None:
    """What became of the text, in one sentence, and the way back."""
    if version.released == Release.ALONE:
        said = _("Published as version %(number)s.") % {"number": version.number}
    elif version.released == Release.INSIDE:
        said = _("The team may use it now; it becomes public when somebody else does.")
    elif version.offered_at:
        said = _("Proposed: it waits for a second person.")
    else:
        said = _("Kept as a draft: the editors see it in their list.")
    say(request, said, undo=undo)


def _context(request: StaffRequest, conversation: Conversation) -> dict[str, Any]:
    return {"view": "open", "conversation": conversation, "page_form": not is_fragment(request)}


def _shown(request: StaffRequest, name: str, context: dict[str, Any], *, failed: bool) -> HttpResponse:
    """As a dialog over the conversation, or as a page where there is no script or something is missing."""
    template = f"{name}_dialog.html" if is_fragment(request) else f"{name}.html"
    return render(request, f"desk/proposals/{template}", context, status=422 if failed else 200)
