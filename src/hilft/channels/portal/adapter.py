"""The portal's adapter: publishes into the portal's own posts, in one transaction with nobody else."""

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    Can,
    Config,
    Correct,
    Event,
    Health,
    Kind,
    Limits,
    Outgoing,
    Person,
    Raw,
    Ref,
    Refused,
    Sent,
    Standing,
    Unreadable,
)
from hilft.channels.portal.models import PortalPost
from hilft.channels.portal.notices import tell_of_reply


class Body(msgspec.Struct, kw_only=True):
    """A portal post as it is stored raw."""

    post: str
    thread: str
    parent: str = ""
    name: str
    email: str
    title: str
    text: str
    language: str
    at: datetime
    url: str
    deleted: bool = False


def raw_of(post: PortalPost) -> Raw:
    """The raw event that tells of this post's present state."""
    stamp = post.deleted_at or post.edited_at or post.verified_at or post.created_at
    body = Body(
        post=str(post.pk),
        thread=post.thread.hex,
        parent=str(post.parent_id or ""),
        name=post.name,
        email=post.email,
        title=post.title,
        text=post.text,
        language=post.language,
        at=stamp,
        url=url_of(post),
        deleted=post.deleted_at is not None,
    )
    return Raw(key=f"portal:{post.pk}:{stamp.isoformat()}", body=msgspec.json.encode(body))


def url_of(post: PortalPost) -> str:
    """Where people find this post."""
    path = reverse("community:thread", args=[post.thread.hex])
    return f"{settings.HILFT.public_url}{path}#p{post.pk}"


class Adapter:
    """The portal as a channel."""

    kind: ClassVar[str] = "portal"
    correction: ClassVar[Correct] = Correct.EDIT
    idempotent: ClassVar[bool] = True

    def __init__(self, config: Config) -> None:
        self.config = config

    def can(self) -> Can:
        return Can.REPLY | Can.EDIT | Can.DELETE

    def limits(self, *, public: bool) -> Limits:
        return Limits(int(self.config.facts["limit.text"]), "codepoint")

    def prefix(self, to: Person | None, *, public: bool) -> str:
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        if action == "private":
            return Allowed(ok=False, reason=_("The community has no private messages."), instead=("reply",))
        return Allowed(ok=True)

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return [], cursor

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        yield from ()

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        return []

    def parse(self, body: bytes) -> list[Event]:
        try:
            post = msgspec.json.decode(body, type=Body)
        except msgspec.DecodeError as error:
            raise Unreadable(str(error)) from error
        return [
            Event(
                kind=Kind.DELETED if post.deleted else Kind.CREATED,
                ref=self._ref(post.post, post.at.isoformat()),
                at=post.at,
                public=True,
                author=Person(id=post.email, handle=post.email, name=post.name),
                parent=self._ref(post.parent) if post.parent else None,
                thread=post.thread,
                subject=post.title,
                text=post.text,
                url=post.url,
            )
        ]

    @transaction.atomic
    def publish(self, outgoing: Outgoing) -> Sent:
        parent = self._post(outgoing.parent)
        post, created = PortalPost.objects.get_or_create(
            idempotency=UUID(outgoing.idempotency),
            defaults={
                "account_id": int(self.config.account),
                "thread": parent.thread,
                "parent": parent,
                "brand": True,
                "name": self.config.handle,
                "text": outgoing.text,
                "language": outgoing.language or parent.language,
                "verified_at": now(),
            },
        )
        if created:
            self._tell_asker(post)
        return self._sent(post)

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        post = self._post(ref)
        if post.text != outgoing.text:
            post.text, post.edited_at = outgoing.text, now()
            post.save(update_fields=["text", "edited_at"])
        return self._sent(post)

    def delete(self, ref: Ref) -> None:
        PortalPost.objects.filter(pk=ref.id, deleted_at=None).update(deleted_at=now(), text="")

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        post = PortalPost.objects.filter(idempotency=UUID(outgoing.idempotency)).first()
        return self._sent(post) if post else None

    def check(self) -> Health:
        return Health(ok=True)

    def close(self) -> None:
        """Holds nothing."""

    def _post(self, ref: Ref | None) -> PortalPost:
        post = PortalPost.objects.filter(pk=ref.id, deleted_at=None).first() if ref else None
        if post is None:
            raise Refused("The post on the portal is gone.")
        return post

    def _tell_asker(self, reply: PortalPost) -> None:
        question = PortalPost.objects.filter(thread=reply.thread, brand=False).order_by("pk").first()
        if question and question.email:
            tell_of_reply(question, reply)

    def _ref(self, pk: str, version: str | None = None) -> Ref:
        return Ref(channel=self.kind, account=self.config.account, id=pk, version=version)

    def _sent(self, post: PortalPost) -> Sent:
        return Sent(ref=self._ref(str(post.pk)), at=post.edited_at or post.created_at, url=url_of(post))
