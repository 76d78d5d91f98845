"""The two mails that a guest gets: to confirm their address, and that an answer is there."""

import uuid

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hilft.base.queue import enqueue
from hilft.channels.portal.models import PortalPost
from hilft.channels.portal.tokens import link_for


def ask_to_confirm(post: PortalPost) -> None:
    """Sends the link that publishes the question; without it, nothing appears anywhere."""
    with translation.override(post.language):
        text = _(
            "Hello %(name)s,\n\n"
            "you asked us this question:\n\n"
            "%(title)s\n\n"
            "Please confirm that it comes from you. It is published once you have done so, "
            "and we will reply to you:\n\n"
            "%(link)s\n\n"
            "The link is valid for two days. If you did not ask anything, just ignore this mail: "
            "nothing is published, and we delete your address.\n\n"
            "Kind regards\n"
            "The %(brand)s team"
        ) % _facts(post, link_for(post, "confirm", post.language))
        subject = _("Please confirm your question")
    _send(post, subject, text, key=uuid.uuid4().hex)


def tell_of_reply(post: PortalPost, reply: PortalPost) -> None:
    """Tells the asker that we replied.

    The mail leads to the reply and does not hold it: a reply can be corrected, a mail cannot.
    """
    with translation.override(post.language):
        text = _(
            "Hello %(name)s,\n\n"
            "we have replied to your question:\n\n"
            "%(title)s\n\n"
            "Read the reply, ask back, or delete your question here:\n\n"
            "%(link)s\n\n"
            "Kind regards\n"
            "The %(brand)s team"
        ) % _facts(post, link_for(post, "return", post.language))
        subject = _("There is a reply to your question")
    _send(post, subject, text, key=reply.idempotency.hex if reply.idempotency else uuid.uuid4().hex)


def _send(post: PortalPost, subject: str, text: str, *, key: str) -> None:
    enqueue("channels.mail", to=post.email, subject=subject, text=text, key=key)


def _facts(post: PortalPost, link: str) -> dict[str, str]:
    return {"name": post.name, "title": post.title, "link": link, "brand": settings.HILFT.brand}
