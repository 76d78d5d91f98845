"""The only writers of causes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.knowledge.causes.models import Cause, Naming
from hilft.knowledge.commands import holder_of
from hilft.knowledge.enums import CauseState
from hilft.knowledge.models import Question
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require


@transaction.atomic
def save_cause(
    *,
    by: User,
    cause: Cause | None = None,
    name: str,
    department: str,
    contact: str = "",
    owner: User | None = None,
    note: str = "",
    link: str = "",
    since: datetime | None = None,
) -> Cause:
    """Notes a cause, or changes what is known of it; `since` is when it began, where that was earlier than now."""
    require(by, "cause.manage")
    cause = Cause.objects.select_for_update().get(pk=cause.pk) if cause else Cause(opened_at=now(), state_since=now())
    if since is not None:
        cause.opened_at = min(since, now())
    cause.name, cause.department, cause.contact, cause.owner = name, department, contact, owner
    cause.note, cause.link = note, link
    cause.save()
    record(by=by, verb="knowledge.save_cause", subject=cause, name=name, department=department)
    return cause


@transaction.atomic
def set_cause_state(*, by: User, cause: Cause, state: str) -> Cause:
    """Says how far a cause is. One that people were told is closed stays so: what comes back is another one."""
    require(by, "cause.manage")
    cause = Cause.objects.select_for_update().get(pk=cause.pk)
    if cause.told_at:
        raise Refusal(_("People were told that this is closed. Note a new cause if it came back."))
    before, chosen = cause.state, CauseState(state)
    if chosen == before:
        return cause
    cause.state, cause.state_since = chosen, now()
    cause.closed_by = by if chosen == CauseState.CLOSED else None
    cause.save(update_fields=["state", "state_since", "closed_by"])
    record(by=by, verb="knowledge.set_cause_state", subject=cause, before=before, state=chosen)
    for question in cause.namings.order_by("pk").values_list("question", flat=True):
        tell("knowledge", question=question)
    return cause


@transaction.atomic
def name_cause(*, by: User, question: Question, cause: Cause) -> Naming:
    """Says that a question is asked because of a cause; again, it changes nothing."""
    require(by, "cause.manage")
    question = holder_of(question)
    naming, created = Naming.objects.get_or_create(question=question, cause=cause, defaults={"by": by})
    if created:
        record(by=by, verb="knowledge.name_cause", subject=question, cause=cause.pk)
    return naming


@transaction.atomic
def drop_naming(*, by: User, naming: Naming) -> None:
    """Takes back that a question names a cause."""
    require(by, "cause.manage")
    record(by=by, verb="knowledge.drop_naming", subject=naming.question, cause=naming.cause_id)
    naming.delete()
