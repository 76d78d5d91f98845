"""A new hosted question out of one conversation: what was asked there, and what was replied."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.inbox.commands import judge
from hilft.inbox.enums import Verdict
from hilft.inbox.models import Conversation, Judgement
from hilft.inbox.queries import latest_inbound
from hilft.knowledge.commands import Key, Written, add_wording, as_wording
from hilft.knowledge.enums import Origin, Release
from hilft.knowledge.models import Question, Version
from hilft.knowledge.proposals import begin, forget
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require


@transaction.atomic
def host(*, by: User, conversation: Conversation, title: str, topic: str, texts: Mapping[Key, Written]) -> Version:
    """Makes a question of what this customer asked, with the answer as far as it is written.

    Complete, it goes the way of any text by its author's right; else it waits for the editors as a draft. The
    customer's words, without personal data, become a wording, and the conversation asks the new question.
    """
    require(by, "conversation.work")
    latest = latest_inbound(conversation)
    if latest is None:
        raise Refusal(_("There is no customer message to judge."))
    version = begin(by=by, title=title, topic=topic, texts=texts)
    question = version.answer.question
    if as_wording(latest.text):
        add_wording(
            by=by,
            question=question,
            text=latest.text,
            origin=Origin.CUSTOMER,
            language=latest.language,
            message=latest.pk,
        )
    judge(by=by, conversation=conversation, verdict=Verdict.USED, question=question)
    record(by=by, verb="inbox.host", subject=conversation, question=question.pk)
    return version


@transaction.atomic
def take_back(*, by: User, conversation: Conversation, question: Question) -> None:
    """Undoes `host`: the question is gone, unless others have used or asked it since."""
    require(by, "conversation.work")
    others = Conversation.objects.filter(question=question).exclude(pk=conversation.pk)
    judged = Judgement.objects.filter(question=question).exclude(message__conversation=conversation)
    released = question.answer.versions.exclude(released__in=[Release.NONE, Release.INSIDE, Release.ALONE])
    if others.exists() or judged.exists() or released.exists():
        raise Refusal(_("Others work with this question already. Archive it instead."))
    conversation.question, conversation.confirmed, conversation.likeness = None, False, ""
    conversation.save(update_fields=["question", "confirmed", "likeness"])
    forget(by=by, question=question)
    record(by=by, verb="inbox.take_back_question", subject=conversation)
