"""Credentials at rest: encrypted with a key that never enters the database."""

import base64
import hashlib

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SecretsUnreadable(Exception):
    """The credentials were encrypted with another installation's key."""


def _fernet() -> Fernet:
    key = hashlib.sha256(b"hilft.channels.secrets:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(secrets: dict[str, str]) -> bytes:
    """Encrypts an account's credentials."""
    return _fernet().encrypt(msgspec.json.encode(secrets))


def unseal(sealed: bytes) -> dict[str, str]:
    """Decrypts an account's credentials; raises SecretsUnreadable under another key."""
    if not sealed:
        return {}
    try:
        return msgspec.json.decode(_fernet().decrypt(bytes(sealed)), type=dict[str, str])
    except InvalidToken as error:
        raise SecretsUnreadable(
            "The credentials cannot be read with this installation's key; enter them again."
        ) from error
