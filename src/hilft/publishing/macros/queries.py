"""Whose macros there are, and what one would do."""

import re
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hilft.base.enums import Language
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.models import Conversation
from hilft.people.models import User
from hilft.publishing.enums import DraftState
from hilft.publishing.macros.models import Macro
from hilft.publishing.places import rendering_for
from hilft.publishing.queries import draft_in
from hilft.publishing.rendering import DoesNotFit

PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
PLACEHOLDERS: Final = ("name", "handle", "agent")


class Outlook(NamedTuple):
    """What a macro would do here: the text as it will stand, and the steps; `problem` says why it cannot."""

    text: str
    now: list[Wanted]
    sent: list[Wanted]
    problem: str


def macros_of(user: User) -> QuerySet[Macro]:
    """The person's own macros, their teams' and everybody's, the most used first."""
    shared = Q(owner=None, team=None) | Q(team__members=user)
    found = Macro.objects.filter(Q(owner=user) | shared).select_related("team", "question").distinct()
    return found.order_by("-used", "label", "pk")


def outlook(*, by: User, conversation: Conversation, macro: Macro) -> Outlook:
    """What the macro would do in this conversation; nothing is changed by asking."""
    now, sent = ([Wanted.of(kept) for kept in kept_ones] for kept_ones in (macro.now, macro.sent))
    draft = draft_in(conversation, by=by)
    text, problem = _words(by, conversation, macro, public=draft.public if draft else conversation.public)
    if draft and (draft.state != DraftState.EDITING or (text and draft.text.strip() and not draft.unchanged)):
        problem = _("You have written something here already. Send it or throw it away first.")
    return Outlook(text, now, sent, problem)


def _words(by: User, conversation: Conversation, macro: Macro, *, public: bool) -> tuple[str, str]:
    """The text as it will stand here, and what keeps it from standing here."""
    if macro.question:
        try:
            return rendering_for(conversation, macro.question, public=public)[1], ""
        except DoesNotFit:
            return "", _("This answer does not fit here, not even its first sentence: ask an editor for a short text.")
        except LookupError:
            return "", _("This question has no published answer.")
    english = conversation.language == Language.EN and macro.text_en
    values: dict[str, Any] = {
        "name": conversation.handle.shown,
        "handle": conversation.handle.handle,
        "agent": by.name,
    }
    return PLACEHOLDER.sub(lambda found: values[found[1]], macro.text_en if english else macro.text), ""
