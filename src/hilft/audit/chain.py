"""The digests of the chain: pure functions that anybody can repeat from an export (docs/decisions/0012-audit.md)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

BEGINNING: Final = bytes(32)
"""What stands before the first place."""


class Fact(NamedTuple):
    """The part of an entry that is never erased."""

    entry: int
    at: datetime
    actor: int | None
    verb: str
    subject_kind: str
    subject_id: int | None


def details_of(data: object, salt: UUID | None) -> bytes:
    """The digest of an entry's erasable part; nobody can guess what it was made from once the salt is gone."""
    return hashlib.sha256((salt.bytes if salt else b"") + _canonical(data)).digest()


def digest_of(before: bytes, fact: Fact, details: bytes, sealed_at: datetime) -> bytes:
    """The digest of one place: everything that stands there, and everything before it."""
    said = [
        before.hex(),
        fact.entry,
        moment(fact.at),
        fact.actor,
        fact.verb,
        fact.subject_kind,
        fact.subject_id,
        details.hex(),
        moment(sealed_at),
    ]
    return hashlib.sha256(_canonical(said)).digest()


def moment(at: datetime) -> str:
    """A point in time in its one spelling: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
