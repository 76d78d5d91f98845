"""Signed links in mails: to confirm an address, to come back to one's own question, to take a matter on."""

from typing import Literal

from django.conf import settings
from django.core import signing
from django.db.models import Model
from django.urls import reverse

from hilft.people.errors import Refusal

Purpose = Literal["confirm", "return", "follow", "unfollow", "contest", "receipt", "turn"]
YEAR = 365 * 24 * 3600
AGES = {
    "confirm": 48 * 3600,
    "return": YEAR,
    "follow": 48 * 3600,
    "unfollow": None,
    "contest": YEAR,
    "receipt": YEAR,
    "turn": YEAR,
}
"""Seconds for which a link holds: long enough for a weekend, and for a matter to be settled; a way out holds always."""

INSTANCES = {"de": "community", "en": "community-en"}


class Forged(Refusal):
    """The link is none of ours, or was damaged on its way."""


class Expired(Refusal):
    """The link was ours once."""


def token_for(post: Model, purpose: Purpose) -> str:
    """A link's token: says which post (or follower, duplicate, receipt), good for this purpose only."""
    return signing.dumps(post.pk, salt=_salt(purpose))


def key_of(token: str, purpose: Purpose) -> int:
    """The key of what a token speaks for; raises Forged or Expired."""
    try:
        pk = signing.loads(token, salt=_salt(purpose), max_age=AGES[purpose])
    except signing.SignatureExpired as error:
        raise Expired("This link is too old.") from error
    except signing.BadSignature as error:
        raise Forged("This link is not valid.") from error
    if not isinstance(pk, int):
        raise Forged("This link is not valid.")
    return pk


def link_for(post: Model, purpose: Purpose, language: str) -> str:
    """The whole address that stands in a mail, in the language of its reader."""
    return public_url(purpose, token_for(post, purpose), language=language)


def public_url(name: str, *args: object, language: str) -> str:
    """A page of the portal as others see its address, in one language."""
    path = reverse(f"community:{name}", args=args, current_app=INSTANCES.get(language, "community"))
    return f"{settings.HILFT.public_url}{path}"


def _salt(purpose: Purpose) -> str:
    return f"hilft.portal.{purpose}"
