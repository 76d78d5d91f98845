"""The mail to an asker whose question was answered before: where, and how to say that it is not so."""

from django.utils import translation
from django.utils.translation import gettext as _

from hilft.channels.portal.tokens import link_for, public_url
from hilft.inbox.models import Duplicate
from hilft.knowledge.models import Follower
from hilft.knowledge.notices import send, title_of


def tell_of_link(duplicate: Duplicate, follower: Follower, title: str, *, asker: bool) -> None:
    """Leads to the answer; its asker can contest that it is one, and thereby reach a person."""
    language = follower.language
    with translation.override(language):
        text = _(
            "Hello,\n\n"
            "this question has been answered before:\n\n"
            "%(title)s\n\n"
            "The answer, always up to date:\n\n"
            "%(question)s\n%(link)s"
        ) % {
            "title": title,
            "question": title_of(duplicate.question, language),
            "link": public_url("question", duplicate.question.slug, language=language),
        }
        if asker:
            text += "\n\n" + _("It does not solve your question? One click brings it back to our team:\n\n%(link)s") % {
                "link": link_for(duplicate, "contest", language)
            }
        send(
            follower,
            _("Your question is answered") if asker else _("A question that you follow is answered"),
            text,
            key=f"duplicate-{duplicate.pk}",
        )
