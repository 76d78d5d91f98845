"""The accounts of the practice networks and their access tokens, without loading a server."""

import hashlib
from typing import NamedTuple

from hilft.practice.repertoire import customers

BRAND = "nordnetz"
CRM_KEY = "practice-crm-key"
"""What the practice customer system asks for; worthless anywhere else."""


def token_of(handle: str) -> str:
    """The access token of an account here; it is the same on every start and worthless anywhere else."""
    return f"practice-token-of-{handle}"


def brand_token() -> str:
    """The brand's access token."""
    return token_of(BRAND)


def tokens() -> dict[str, str]:
    """Access token by handle, of the brand and every practice customer."""
    return {handle: token_of(handle) for handle in [BRAND, *names()]}


def names() -> dict[str, str]:
    """Display name by handle of the practice customers."""
    return {person.handle: person.name for person in customers()}


class XKeys(NamedTuple):
    """What the developer console of the practice X shows for the brand's app and account."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str
    client_id: str
    client_secret: str
    bearer: str
    user_token: str
    refresh_token: str


def x_user_id(handle: str) -> str:
    """The id of an account on the practice X: 18 digits, the same on every start."""
    return str(10**17 + int.from_bytes(hashlib.sha256(handle.encode()).digest()[:7]) % (9 * 10**17))


def x_keys() -> XKeys:
    """The brand's keys on the practice X; the same on every start and worthless anywhere else."""
    keys = XKeys._make(f"practice-x-{name.replace('_', '-')}" for name in XKeys._fields)
    return keys._replace(access_token=f"{x_user_id(BRAND)}-{keys.access_token}")
