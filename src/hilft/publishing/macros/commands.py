"""Keeping macros and running them: a macro writes a draft and takes steps, and never sends anything."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.inbox.handling import steps
from hilft.inbox.handling.steps import Skipped, Wanted
from hilft.inbox.models import Conversation
from hilft.knowledge.models import Question
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Team, User
from hilft.people.queries import require
from hilft.people.rules import may
from hilft.publishing.commands import drafts
from hilft.publishing.macros.models import Macro
from hilft.publishing.macros.queries import PLACEHOLDER, PLACEHOLDERS, macros_of, outlook
from hilft.publishing.models import Delivery, Draft


@transaction.atomic
def save_macro(
    *,
    by: User,
    macro: Macro | None,
    label: str,
    mine: bool,
    team: Team | None,
    question: Question | None,
    text: str,
    text_en: str,
    now: Sequence[Wanted],
    sent: Sequence[Wanted],
) -> Macro:
    """Changes a macro or makes one; what others use too is changed by leads. Refuses one that does nothing."""
    _manage(by, macro, shared=not mine)
    unknown = {name for name in PLACEHOLDER.findall(f"{text} {text_en}") if name not in PLACEHOLDERS}
    if unknown:
        raise Refusal(_("These placeholders are not known: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    if not (question or text.strip() or now or sent):
        raise Refusal(_("A macro needs a text or something to do."))
    macro = macro or Macro()
    macro.label, macro.owner, macro.team = label, by if mine else None, None if mine else team
    macro.question, macro.text, macro.text_en = question, text.strip(), text_en.strip()
    macro.now, macro.sent = [one.kept() for one in now], [one.kept() for one in sent]
    macro.save()
    record(by=by, verb="publishing.save_macro", subject=macro, label=label, mine=mine)
    return macro


@transaction.atomic
def delete_macro(*, by: User, macro: Macro) -> None:
    """Takes a macro out for good."""
    _manage(by, macro, shared=macro.owner_id is None)
    record(by=by, verb="publishing.delete_macro", subject=macro, label=macro.label)
    macro.delete()


@transaction.atomic
def run(*, by: User, conversation: Conversation, macro: Macro) -> Draft:
    """Writes the person's draft and takes the steps; the reply leaves by the way of any other, when they submit it."""
    require(by, "draft.write")
    if not macros_of(by).filter(pk=macro.pk).exists():
        raise NotAllowed("macro.run")
    seen = outlook(by=by, conversation=conversation, macro=macro)
    if seen.problem:
        raise Refusal(seen.problem)
    draft = drafts.begin(by=by, conversation=conversation)
    if macro.question:
        draft = drafts.insert(by=by, draft=draft, question=macro.question)
    elif seen.text:
        draft = drafts.save(by=by, draft=draft, text=seen.text)
    draft.then = macro.sent
    draft.save(update_fields=["then"])
    _take(by, conversation, seen.now)
    Macro.objects.filter(pk=macro.pk).update(used=F("used") + 1)
    record(by=by, verb="publishing.run_macro", subject=macro, conversation=conversation.pk)
    return draft


def when_sent(delivery: Delivery) -> None:
    """A reply has left: its author's macro takes the steps that waited for it, where they still have a place."""
    draft = delivery.draft
    if draft is not None and draft.then:
        _take(draft.author, delivery.conversation, [Wanted.of(kept) for kept in draft.then])


def _take(by: User, conversation: Conversation, wanted: Sequence[Wanted]) -> None:
    for one in wanted:
        try:
            with transaction.atomic():
                steps.take(by=by, conversation=conversation.head, wanted=one)
        except (Skipped, NotAllowed):
            continue


def _manage(by: User, macro: Macro | None, *, shared: bool) -> None:
    require(by, "draft.write")
    others = macro is not None and macro.owner_id is not None and macro.owner_id != by.pk
    if others or ((shared or (macro and macro.owner_id is None)) and not may(by, "macro.share")):
        raise NotAllowed("macro.share")
