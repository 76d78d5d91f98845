"""Signed links of the portal: to confirm an address, and to come back to one's own question."""

from typing import Literal

from django.conf import settings
from django.core import signing
from django.urls import reverse

from hilft.channels.portal.models import PortalPost
from hilft.people.errors import Refusal

Purpose = Literal["confirm", "return"]
AGES = {"confirm": 48 * 3600, "return": 365 * 24 * 3600}
"""Seconds for which a link holds: long enough for a weekend, and for a matter to be settled."""

INSTANCES = {"de": "community", "en": "community-en"}


class Forged(Refusal):
    """The link is none of ours, or was damaged on its way."""


class Expired(Refusal):
    """The link was ours once."""


def token_for(post: PortalPost, purpose: Purpose) -> str:
    """A link's token: says which post, good for this purpose only."""
    return signing.dumps(post.pk, salt=_salt(purpose))


def post_of(token: str, purpose: Purpose) -> int:
    """The key of the post that a token speaks for; raises Forged or Expired."""
    try:
        pk = signing.loads(token, salt=_salt(purpose), max_age=AGES[purpose])
    except signing.SignatureExpired as error:
        raise Expired("This link is too old.") from error
    except signing.BadSignature as error:
        raise Forged("This link is not valid.") from error
    if not isinstance(pk, int):
        raise Forged("This link is not valid.")
    return pk


def link_for(post: PortalPost, purpose: Purpose) -> str:
    """The whole address that stands in a mail, in the language of the post."""
    name = "community:confirm" if purpose == "confirm" else "community:return"
    path = reverse(name, args=[token_for(post, purpose)], current_app=INSTANCES.get(post.language, "community"))
    return f"{settings.HILFT.public_url}{path}"


def _salt(purpose: Purpose) -> str:
    return f"hilft.portal.{purpose}"
