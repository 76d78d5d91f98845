"""What guests do on the portal: ask, confirm, add something, withdraw. The only writer of their posts."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.channels.commands import store
from hilft.channels.models import Account
from hilft.channels.portal.adapter import raw_of
from hilft.channels.portal.models import PortalPost
from hilft.channels.portal.notices import ask_to_confirm
from hilft.people.errors import Refusal

WINDOW = timedelta(hours=1)
POSTS_PER_ADDRESS = 5
UNCONFIRMED_PER_ADDRESS = 3
UNCONFIRMED_IN_ALL = 100
"""What one address, and all guests together, may leave within an hour: enough for people, too little for a flood."""

KEEP_UNCONFIRMED = timedelta(days=7)


class TooMany(Refusal):
    """More posts within an hour than a person writes."""


@transaction.atomic
def ask(*, account: Account, name: str, email: str, title: str, text: str, language: str) -> PortalPost:
    """Keeps a guest's question, unseen by anybody, and sends them the link that publishes it."""
    _not_too_many(account, email, unconfirmed=True)
    PortalPost.objects.filter(verified_at=None, brand=False, created_at__lt=now() - KEEP_UNCONFIRMED).delete()
    post = PortalPost.objects.create(
        account=account,
        name=_line(name),
        email=email.strip().lower(),
        title=_line(title),
        text=text.strip(),
        language=language,
    )
    ask_to_confirm(post)
    return post


@transaction.atomic
def confirm(pk: int) -> PortalPost:
    """Publishes a question whose asker proved their address, and brings it to the desk: once, however often."""
    post = PortalPost.objects.select_for_update(of=("self",)).select_related("account").filter(pk=pk).first()
    if post is None or post.deleted_at:
        raise Refusal(_("This question is not there any more."))
    if post.verified_at is None:
        post.verified_at = now()
        post.save(update_fields=["verified_at"])
        store(post.account, [raw_of(post)])
    return post


@transaction.atomic
def add(*, to: PortalPost, text: str) -> PortalPost:
    """Adds to one's own question; the address was confirmed with it, so this appears at once."""
    if to.deleted_at or to.verified_at is None or to.brand:
        raise Refusal(_("This question is not there any more."))
    _not_too_many(to.account, to.email, unconfirmed=False)
    last = PortalPost.objects.filter(thread=to.thread, deleted_at=None).order_by("-created_at", "-pk").first()
    post = PortalPost.objects.create(
        account=to.account,
        thread=to.thread,
        parent=last,
        name=to.name,
        email=to.email,
        text=text.strip(),
        language=to.language,
        verified_at=now(),
    )
    store(to.account, [raw_of(post)])
    return post


@transaction.atomic
def withdraw(*, thread: UUID, pk: int) -> None:
    """Deletes a guest's post, name and address with it; the question itself takes their additions along."""
    posts = PortalPost.objects.select_for_update(of=("self",)).select_related("account")
    mine = posts.filter(thread=thread, brand=False, deleted_at=None).order_by("pk")
    first = mine.first()
    going = mine if first and first.pk == pk else mine.filter(pk=pk)
    for post in going:
        post.title = post.text = post.name = post.email = ""
        post.deleted_at = now()
        post.save(update_fields=["title", "text", "name", "email", "deleted_at"])
        store(post.account, [raw_of(post)])


def _not_too_many(account: Account, email: str, *, unconfirmed: bool) -> None:
    """Counts under a lock, so that many requests at once are counted as well."""
    Account.objects.select_for_update().get(pk=account.pk)
    recent = PortalPost.objects.filter(brand=False, created_at__gte=now() - WINDOW)
    mine = recent.filter(email__iexact=email.strip())
    if mine.count() >= POSTS_PER_ADDRESS:
        raise TooMany(_("That was a lot in one hour. Please come back a little later."))
    if not unconfirmed:
        return
    waiting = Q(verified_at=None)
    if mine.filter(waiting).count() >= UNCONFIRMED_PER_ADDRESS:
        raise TooMany(_("We have already sent you several mails. Please confirm one of them first."))
    if recent.filter(waiting).count() >= UNCONFIRMED_IN_ALL:
        raise TooMany(_("Very many people are asking right now. Please try again in an hour."))


def _line(text: str) -> str:
    return " ".join(text.split())
