"""Who may do what, by role: the one table that every `access_*` asks; and how far a word on an answer reaches."""

from typing import Final

from hilft.people.enums import Form, Right, Role
from hilft.people.models import Contact, User

A, P, E, L, OP, T = Role.AGENT, Role.APPROVER, Role.EDITOR, Role.LEAD, Role.OPERATOR, Role.TRAINER

MAY: Final[dict[str, frozenset[Role]]] = {
    "desk.see": frozenset({A, P, E, L, OP, T}),
    "conversation.work": frozenset({A, P, L}),
    "conversation.assign": frozenset({A, P, L}),
    "verification.more": frozenset({L}),
    "conversation.many": frozenset({A, P, L}),
    "tag.manage": frozenset({E, L}),
    "macro.share": frozenset({L}),
    "intake_rule.manage": frozenset({L}),
    "draft.write": frozenset({A, P, L}),
    "draft.approve": frozenset({P, L}),
    "glass.break": frozenset({L}),
    "glass.review": frozenset({P, L, OP}),
    "rule.see": frozenset({A, P, E, L, OP, T}),
    "rule.manage": frozenset({L}),
    "knowledge.see": frozenset({A, P, E, L, OP, T}),
    "knowledge.write": frozenset({E, L}),
    "knowledge.publish": frozenset({E, L}),
    "answer.propose": frozenset({A, P, E, L}),
    "right.grant": frozenset({L, OP}),
    "cause.manage": frozenset({E, L}),
    "wording.add": frozenset({A, P, E, L}),
    "duplicate.link": frozenset({A, P, E, L}),
    "correction.see": frozenset({A, P, E, L}),
    "correction.plan": frozenset({E, L}),
    "correction.approve": frozenset({P, L}),
    "placement.see": frozenset({A, P, E, L, OP, T}),
    "handover.make": frozenset({A, P, L}),
    "fault.mark": frozenset({A, P, L}),
    "escalation.manage": frozenset({L, OP}),
    "deadline.see": frozenset({L, OP}),
    "account.manage": frozenset({OP}),
    "customer.manage": frozenset({OP}),
    "staff.manage": frozenset({OP}),
    "hours.manage": frozenset({L}),
    "people.see": frozenset({L, OP}),
    "council.manage": frozenset({OP}),
    "key.manage": frozenset({OP}),
    "cost.see": frozenset({E, L, OP}),
    "health.see": frozenset({L, OP}),
    "certificate.see": frozenset({T, L, OP}),
    "certificate.grant": frozenset({T}),
    "certificate.revoke": frozenset({T, L}),
    "requirement.manage": frozenset({OP}),
    "training.teach": frozenset({T}),
    "quality.review": frozenset({P, L, T}),
    "quality.manage": frozenset({L}),
    "role.describe": frozenset({T, L, OP}),
    "audit.see": frozenset({L, OP}),
    "audit.erase": frozenset({OP}),
    "example.delete": frozenset({OP}),
}


def may(user: User, action: str) -> bool:
    """Whether a role of this active person covers the action; an unknown action is a programming error."""
    return user.is_active and not MAY[action].isdisjoint(user.roles)


def right_of(user: User) -> Right | None:
    """The person's right over answers: granted, else editors and leads publish and agents begin as candidates.

    None for whoever does not work on answers, whatever was granted once.
    """
    if not may(user, "answer.propose"):
        return None
    if user.right:
        return Right(user.right)
    return Right.PUBLISHER if user.has_role(E, L) else Right.CANDIDATE


def form_of(contact: Contact) -> str:
    """How this contact addresses us: as they did under this identity, else as the person does elsewhere."""
    return contact.form if contact.form != Form.UNKNOWN else contact.head.form


def validates(user: User) -> bool:
    """Whether the person's word makes an answer of somebody else's a validated one."""
    return right_of(user) in {Right.CONTRIBUTOR, Right.PUBLISHER}
