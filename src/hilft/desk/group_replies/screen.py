"""What the screens of replies to many show."""

from django.http import HttpRequest

from hilft.approvals.queries import approval_of, labels
from hilft.desk.frame import StaffRequest, page_of
from hilft.knowledge.models import Question
from hilft.people.rules import may
from hilft.publishing.commands.group_replies import MOST, digest_of
from hilft.publishing.enums import DraftState, GroupState
from hilft.publishing.groups import progress_of, replies_to, undo_until, waiting_on
from hilft.publishing.models import SUBJECT_GROUP, GroupReply

PAGE = 50


def waiting_context(request: StaffRequest, question: Question, *, chosen: set[int] | None = None) -> dict[str, object]:
    """Everybody who waits, at most as many as one step answers; `chosen` are those that were ticked before."""
    found = waiting_on(question)
    total = found.count()
    replies = replies_to(list(found[:MOST]), question)
    open_ = [reply for reply in replies if not reply.problem]
    return {
        "view": "questions",
        "question": question,
        "replies": replies,
        "total": total,
        "most": MOST,
        "answerable": len(open_),
        "ticked": {r.conversation.pk for r in open_} if chosen is None else chosen,
        "writes": may(request.user, "draft.write"),
        "channels": sorted({reply.conversation.account.kind for reply in replies}),
    }


def group_context(request: HttpRequest, group: GroupReply) -> dict[str, object]:
    """One reply to many: its texts page by page, its progress, and what this person may do with it."""
    user = request.user
    waits = group.state == GroupState.WAITING
    drafts = group.drafts.exclude(state=DraftState.DISCARDED) if group.state != GroupState.BACK else group.drafts.all()
    page = page_of(
        request,
        drafts.select_related(
            "conversation__account", "conversation__handle", "reply_to", "delivery__placement"
        ).order_by("pk"),
        size=PAGE,
    )
    own = group.author_id == user.pk
    return {
        "view": "group-replies",
        "group": group,
        "question": group.question,
        "page": page,
        "progress": progress_of(group),
        "rule": labels().get(group.rule),
        "approval": approval_of(SUBJECT_GROUP, group.pk) if waits else None,
        "digest": digest_of(group) if waits else "",
        "own": own,
        "undo_until": undo_until(group),
        "decides": waits and not own and may(user, "draft.approve"),  # type: ignore[arg-type]  # staff are signed in
    }
