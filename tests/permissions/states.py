"""States that hold something back, whatever the role: what is made for each, and what is tried on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.urls import reverse

from hilft.approvals.enums import Tier
from hilft.approvals.models import Approval, Rule
from hilft.base.clock import now
from hilft.inbox import commands as inbox
from hilft.inbox.queries import last_seen
from hilft.knowledge import proposals
from hilft.publishing.commands import corrections, decisions, drafts, group_replies
from hilft.publishing.commands.corrections import digest_of
from hilft.publishing.models import Draft
from hilft.quality.commands.reviewing import dispute
from tests import factories
from tests.desk import made
from tests.permissions.scene import TEXT, Cast, texts, together
from tests.quality import made as quality

type Made = tuple[str, dict[str, Any]]


class State(NamedTuple):
    """What is tried when; `make` gives the address and the form of a request that says everything it needs."""

    what: str
    when: str
    make: Callable[[Cast], Made]


def _writing(cast: Cast) -> Draft:
    conversation = made.asked().conversation
    inbox.assign(by=cast.maker, conversation=conversation, to=cast.maker)
    return drafts.save(by=cast.maker, draft=drafts.begin(by=cast.maker, conversation=conversation), text=TEXT)


def _throw_away(cast: Cast) -> Made:
    return reverse("desk:draft-discard", args=[_writing(cast).pk]), {}


def _send_own(cast: Cast) -> Made:
    conversation = _writing(cast).conversation
    return reverse("desk:draft-submit", args=[conversation.pk]), {"text": TEXT, "seen": last_seen(conversation)}


def _take_back(cast: Cast) -> Made:
    return reverse("desk:draft-withdraw", args=[made.waiting(cast.maker).pk]), {}


def _approval(draft: Draft, name: str, **data: object) -> Made:
    return reverse(f"desk:approval-{name}", args=[draft.pk]), {"digest": made.digest(draft), **data}


def _approve(cast: Cast) -> Made:
    return _approval(made.waiting(cast.maker), "approve")


def _reject(cast: Cast) -> Made:
    return _approval(made.waiting(cast.maker), "reject", reason="Bitte mit Datum.")


def _edit(cast: Cast) -> Made:
    return _approval(made.waiting(cast.maker), "edit", text="Wir melden uns bis morgen um zehn Uhr.")


def _ask(cast: Cast) -> Made:
    return _approval(made.waiting(cast.maker), "remark", text="Woher wissen wir das?")


def _glass(cast: Cast) -> Made:
    return _approval(made.waiting(cast.maker), "glass", reason="Der Notruf ist gestört.", told=cast.of["operator"].pk)


def _edited(cast: Cast) -> Made:
    draft = made.waiting(cast.maker)
    decisions.edit(by=cast.of["approver"], draft=draft, digest=made.digest(draft), text="Wir melden uns bis morgen.")
    draft.refresh_from_db()
    return _approval(draft, "approve")


def _changed(cast: Cast) -> Made:
    address, data = _approve(cast)
    return address, data | {"digest": "another text's"}


def _expired(cast: Cast) -> Made:
    draft = made.waiting(cast.maker)
    Approval.objects.filter(subject_id=draft.pk).update(expires_at=now() - timedelta(seconds=1))
    return _approval(draft, "approve")


def _decided(cast: Cast) -> Made:
    draft = made.waiting(cast.maker)
    made_of = _approval(draft, "approve")
    decisions.approve(by=cast.of["lead"], draft=draft, digest=made.digest(draft))
    return made_of


def _undo(cast: Cast) -> Made:
    draft = made.waiting(cast.maker)
    delivery = decisions.approve(by=cast.of["approver"], draft=draft, digest=made.digest(draft))
    return reverse("desk:undo", args=[delivery.pk]), {}


def _left(cast: Cast) -> Made:
    draft = made.waiting(cast.maker)
    delivery = decisions.approve(by=cast.of["approver"], draft=draft, digest=made.digest(draft))
    made.leave(delivery)
    return reverse("desk:undo", args=[delivery.pk]), {}


def _correction(cast: Cast) -> Made:
    batch = corrections.submit(by=cast.maker, correction=made.batch(cast.maker))
    return reverse("desk:correction-approve", args=[batch.pk]), {"digest": digest_of(batch)}


def _many(cast: Cast) -> Made:
    Rule.objects.update(tier=Tier.PERSON)
    question, both = together()
    group = group_replies.answer(by=cast.maker, question=question, conversations=both)
    return reverse("desk:group-reply-approve", args=[group.pk]), {"digest": group_replies.digest_of(group)}


def _review(cast: Cast) -> Made:
    draft = made.waiting(cast.maker)
    digest, told = made.digest(draft), cast.of["lead"]
    _delivery, glass = decisions.break_glass(by=cast.maker, draft=draft, digest=digest, reason="Es eilt.", told=told)
    return reverse("desk:glass-review", args=[glass.pk]), {"justified": "1", "remark": "Ja, es eilte."}


def _proposal(cast: Cast) -> Made:
    offered = proposals.propose(by=cast.of["agent"], question=factories.question(), texts=texts(), note="Kürzer")
    return reverse("desk:proposal-reject", args=[offered.pk]), {"reason": "So stimmt es nicht."}


def _withdrawn(cast: Cast) -> Made:
    offered = proposals.propose(by=cast.of["agent"], question=factories.question(), texts=texts(), note="Kürzer")
    return reverse("desk:proposal-withdraw", args=[offered.pk]), {}


def _take_over(cast: Cast) -> Made:
    return reverse("desk:assign", args=[_writing(cast).conversation_id]), {"me": "1"}


def _uncertified(cast: Cast) -> Made:
    skill = factories.required("draft")
    factories.certificate(cast.maker, skill)
    return _send_own(cast)


def _may_not_decide(cast: Cast) -> Made:
    address, data = _approve(cast)
    factories.certificate(cast.of["lead"], factories.required("approve"))
    return address, data


def _marks(**given: str) -> dict[str, str]:
    return {f"mark-{key}": mark for key, mark in quality.marks(**given).items()}


def _score(cast: Cast) -> Made:
    return reverse("desk:quality-review", args=[quality.drawn(cast.maker).pk]), _marks()


def _score_twice(cast: Cast) -> Made:
    sample = quality.drawn(cast.of["agent"], twice=True)
    quality.scored(sample, cast.of["trainer"])
    return reverse("desk:quality-review", args=[sample.pk]), _marks()


def _dispute(cast: Cast) -> Made:
    sample = quality.drawn(cast.maker)
    quality.scored(sample, cast.of["trainer"], tone="missed")
    return reverse("desk:quality-dispute", args=[sample.pk]), {"reason": "Der Ton war der des Kunden."}


def _decide(cast: Cast) -> Made:
    sample = quality.drawn(cast.maker)
    quality.scored(sample, cast.of["trainer"], tone="missed")
    dispute(by=cast.maker, sample=sample, reason="Der Ton war der des Kunden.")
    return reverse("desk:quality-review", args=[sample.pk]), _marks() | {"remark": "Das stimmt."}


STATES = (
    State("Throw a draft away", "its author writes it", _throw_away),
    State("Send a reply", "somebody else writes a draft there", _send_own),
    State("Send a reply", "it takes a certificate, and only the maker has it", _uncertified),
    State("Take a text back", "it waits for a second person", _take_back),
    State("Approve a text", "it waits", _approve),
    State("Approve a text", "a second person changed it, so its author is the checker", _edited),
    State("Approve a text", "it was changed since the page was read", _changed),
    State("Approve a text", "nobody decided in time", _expired),
    State("Approve a text", "it was decided already", _decided),
    State("Approve a text", "it takes a certificate, and only the lead has it", _may_not_decide),
    State("Reject a text", "it waits", _reject),
    State("Change a text", "it waits", _edit),
    State("Ask about a text", "it waits", _ask),
    State("Break the glass", "it waits", _glass),
    State("Review a broken glass", "the maker broke it", _review),
    State("Call a reply back", "its undo time runs", _undo),
    State("Call a reply back", "it has left", _left),
    State("Approve a correction", "the maker planned it", _correction),
    State("Approve a reply to many", "the maker wrote it", _many),
    State("Decline a proposal", "the agent made it", _proposal),
    State("Withdraw a proposal", "the agent made it", _withdrawn),
    State("Review a reply", "the maker wrote it", _score),
    State("Review a reply", "the trainer wrote one of two reviews", _score_twice),
    State("Dispute a result", "the maker wrote the reply", _dispute),
    State("Decide on a dispute", "the maker wrote the reply, the trainer reviewed it", _decide),
    State("Take a conversation", "it is the maker's", _take_over),
)
