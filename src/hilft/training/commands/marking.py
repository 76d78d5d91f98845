"""A trainer's word on a practice reply, by each criterion of its task."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.training.commands.learning import certify
from hilft.training.models import Practice


@transaction.atomic
def mark(*, by: User, practice: Practice, marks: Sequence[bool], comment: str) -> Practice:
    """Passes the reply where it meets every criterion, which certifies; else the comment says what to practise."""
    require(by, "training.teach")
    practice = (
        Practice.objects.select_for_update(of=("self",))
        .select_related("user", "task__module__skill")
        .get(pk=practice.pk)
    )
    if practice.user_id == by.pk:
        raise NotAllowed(_("You wrote this yourself: another trainer has to mark it."))
    if practice.passed is not None:
        raise Refusal(_("This has been marked already."))
    if len(marks) != len(practice.task.criteria):
        raise Refusal(_("Say for each criterion whether the reply meets it."))
    passed = all(marks)
    if not passed and not comment.strip():
        raise Refusal(_("Say what should be better next time."))
    practice.marks, practice.comment, practice.passed = list(marks), comment.strip(), passed
    practice.marked_by, practice.marked_at = by, now()
    practice.save()
    record(by=by, verb="training.mark", subject=practice, user=practice.user_id, module=practice.task.module_id)
    if passed:
        certify(by=by, user=practice.user, module=practice.task.module)
    tell("training", user=practice.user_id)
    return practice
