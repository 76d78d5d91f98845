"""The mails that followers of a question get; each says how to hear no more."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hilft.base.queue import enqueue
from hilft.channels.portal.tokens import link_for, public_url
from hilft.knowledge.models import Follower, Question


def ask_to_confirm(follower: Follower, title: str, *, key: str) -> None:
    """Sends the link without which nobody follows anything."""
    with translation.override(follower.language):
        text = _(
            "Hello,\n\n"
            "you want to hear when there is news on this question:\n\n"
            "%(title)s\n\n"
            "Please confirm your address:\n\n"
            "%(link)s\n\n"
            "The link is valid for two days. If this was not you, just ignore this mail: we delete your address."
        ) % {"title": title, "link": link_for(follower, "follow", follower.language)}
        send(follower, _("Please confirm that you follow this question"), text, key=key)


def tell_of_answer(follower: Follower, question: Question, *, key: str) -> None:
    """Tells that the answer is there, or says something else now. The mail leads to it: it can be corrected."""
    with translation.override(follower.language):
        text = _(
            "Hello,\n\n"
            "the answer to a question that you follow is new or has changed:\n\n"
            "%(title)s\n\n"
            "Read it here:\n\n"
            "%(link)s"
        ) % {
            "title": title_of(question, follower.language),
            "link": public_url("question", question.slug, language=follower.language),
        }
        send(follower, _("New on a question that you follow"), text, key=key)


def tell_of_cause(follower: Follower, question: Question, words: str, *, key: str) -> None:
    """Tells that what made people ask is over, in the words that the team agreed on."""
    with translation.override(follower.language):
        text = _("Hello,\n\nthere is news on a question that you follow:\n\n%(title)s\n\n%(words)s\n\n%(link)s") % {
            "title": title_of(question, follower.language),
            "words": words,
            "link": public_url("question", question.slug, language=follower.language),
        }
        send(follower, _("New on a question that you follow"), text, key=key)


def tell_of_reply(follower: Follower, title: str, *, key: str) -> None:
    """Tells that we replied in the thread that somebody follows."""
    assert follower.thread is not None
    with translation.override(follower.language):
        text = _(
            "Hello,\n\nwe have replied to a question that you follow:\n\n%(title)s\n\nRead the reply here:\n\n%(link)s"
        ) % {"title": title, "link": public_url("thread", follower.thread.hex, language=follower.language)}
        send(follower, _("There is a reply to a question that you follow"), text, key=key)


def title_of(question: Question, language: str) -> str:
    """The question as a reader of this language sees it."""
    return (language == "en" and question.title_en) or question.title


def send(follower: Follower, subject: str, text: str, *, key: str) -> None:
    """One mail with the way out below it."""
    way_out = _("No more mails on this question: %(link)s") % {
        "link": link_for(follower, "unfollow", follower.language)
    }
    regards = _("Kind regards\nThe %(brand)s team") % {"brand": settings.HILFT.brand}
    whole = f"{text}\n\n{regards}\n\n--\n{way_out}\n"
    enqueue("channels.mail", to=follower.email, subject=subject, text=whole, key=f"{key}-{follower.pk}")
