"""Handing a matter to a department, what lies with departments, and what people do with it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.audit.commands import look
from hilft.desk.escalation.forms import HandOverForm
from hilft.desk.frame import StaffRequest, back_to, is_fragment, page_of, say, staff
from hilft.escalation.commands import faults, handovers, reactions
from hilft.escalation.letters import history
from hilft.escalation.queries import access_handover, departments, open_handovers
from hilft.inbox.commands import set_priority
from hilft.inbox.enums import Priority
from hilft.inbox.queries import access_conversation
from hilft.people.errors import Refusal


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What lies with departments, what nobody answers first."""
    context = {"view": "handovers", "page": page_of(request, open_handovers(request.user))}
    template = "rows.html" if is_fragment(request) else "index.html"
    return render(request, f"desk/escalation/{template}", context)


@staff("handover.make")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """Choosing a department and writing what is asked, beside what else leaves the house."""
    conversation = access_conversation(request.user, pk, action="handover.make")
    look(by=request.user, verb="inbox.open", subject=conversation)
    topic = conversation.topic or (conversation.question.topic if conversation.question else "")
    found = departments(topic=topic)
    form = HandOverForm(request.POST or None, departments=found, topic=topic, initial={"history": True})
    if request.method == "POST" and form.is_valid():
        handover = handovers.hand_over(by=request.user, conversation=conversation, **form.cleaned_data)
        say(request, _("Handed over: %(name)s") % {"name": handover.department.name})
        return back_to("desk:conversation", pk)
    context = {
        "view": "open",
        "conversation": conversation,
        "form": form,
        "found": found,
        "along": history(conversation),
    }
    return render(request, "desk/escalation/new.html", context, status=422 if form.errors else 200)


@staff("handover.make")
@require_POST
def acknowledgement(request: StaffRequest, pk: int) -> HttpResponse:
    """They said that they have taken it on."""
    handover = access_handover(request.user, pk)
    handovers.acknowledge(by=request.user, handover=handover)
    return back_to("desk:conversation", handover.conversation_id)


@staff("handover.make")
@require_POST
def passing_on(request: StaffRequest, pk: int) -> HttpResponse:
    """To the deputy or the next level now."""
    handover = access_handover(request.user, pk)
    turn = handovers.pass_on(by=request.user, handover=handover)
    say(request, _("Passed on: %(name)s") % {"name": turn.level.name} if turn else _("Nobody is left to ask there."))
    return back_to("desk:conversation", handover.conversation_id)


@staff()
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """What they said by another way than mail."""
    handover = access_handover(request.user, pk, action="desk.see")
    reactions.write_down(by=request.user, handover=handover, text=request.POST.get("text", ""))
    return back_to("desk:conversation", handover.conversation_id)


@staff("handover.make")
@require_POST
def closing(request: StaffRequest, pk: int) -> HttpResponse:
    """Nothing more is wanted of them."""
    handover = access_handover(request.user, pk)
    handovers.close(by=request.user, handover=handover)
    return back_to("desk:conversation", handover.conversation_id)


@staff("conversation.work")
@require_POST
def priority(request: StaffRequest, pk: int) -> HttpResponse:
    """How urgent it is."""
    wanted = request.POST.get("priority", "")
    if wanted not in Priority.values:
        raise Refusal(_("Choose one of the priorities."))
    conversation = access_conversation(request.user, pk, action="conversation.work")
    set_priority(by=request.user, conversation=conversation, priority=wanted)
    return back_to("desk:conversation", pk, query=request.GET.urlencode())


@staff("fault.mark")
@require_POST
def fault(request: StaffRequest, pk: int) -> HttpResponse:
    """It reports a total failure, does so no longer, or the failure is mended."""
    conversation = access_conversation(request.user, pk, action="fault.mark")
    acts = {"mark": faults.mark_fault, "unmark": faults.unmark_fault, "mend": faults.mend_fault}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Refusal(_("Choose what is so."))
    act(by=request.user, conversation=conversation)
    return back_to("desk:conversation", pk, query=request.GET.urlencode())
