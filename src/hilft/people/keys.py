"""Keys with which other programs read: a long random word, of which only a digest is kept."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.people.enums import KeyRight
from hilft.people.errors import Refusal
from hilft.people.models import ApiKey, User
from hilft.people.queries import require

PREFIX: Final = "hk_"
SHOWN: Final = len(PREFIX) + 5
"""Characters of a key by which people tell it from others."""

NOTED_EVERY: Final = timedelta(minutes=1)


@transaction.atomic
def create_key(*, by: User, name: str, rights: list[str]) -> tuple[ApiKey, str]:
    """Makes a key; its words are returned here and nowhere else."""
    require(by, "key.manage")
    if not name.strip():
        raise Refusal(_("Say what the key is for."))
    if not rights or not set(rights) <= set(KeyRight.values):
        raise Refusal(_("Choose what the key may read."))
    words = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name.strip()[:100], start=words[:SHOWN], digest=_digest(words), rights=sorted(rights), created_by=by
    )
    record(by=by, verb="people.create_key", subject=key, name=key.name, rights=key.rights)
    return key, words


@transaction.atomic
def revoke_key(*, by: User, key: ApiKey) -> None:
    """Ends a key at once; a second time changes nothing."""
    require(by, "key.manage")
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now(), revoked_by=by):
        record(by=by, verb="people.revoke_key", subject=key, name=key.name)


def key_of(words: str) -> ApiKey | None:
    """The key of these words, and a note that it was used; None for a forged or revoked one."""
    if not words.startswith(PREFIX):
        return None
    key = ApiKey.objects.filter(digest=_digest(words), revoked_at=None).first()
    if key:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now() - NOTED_EVERY)
        ApiKey.objects.filter(long_ago, pk=key.pk).update(last_used_at=now())
    return key


def keys() -> QuerySet[ApiKey]:
    """Every key, those that hold first, the newest first."""
    return ApiKey.objects.select_related("created_by", "revoked_by").order_by(
        F("revoked_at").desc(nulls_first=True), "-pk"
    )


def _digest(words: str) -> str:
    """Enough for 256 random bits: nobody guesses those, so nothing needs to be slow."""
    return hashlib.sha256(words.encode()).hexdigest()
