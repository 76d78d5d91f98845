"""Reads the rules of Meta's networks from `rules.toml`."""

import functools
from pathlib import Path

import msgspec


class Versions(msgspec.Struct, frozen=True):
    """Versions of the Graph API, oldest first."""

    newest: str
    available: tuple[str, ...]


class Windows(msgspec.Struct, frozen=True):
    """For how many seconds something is allowed."""

    standard: int
    human_agent: int
    private_reply: int


class Lengths(msgspec.Struct, frozen=True):
    """How much text fits; characters are code points, bytes are UTF-8."""

    messenger_characters: int
    instagram_message_bytes: int
    facebook_comment_characters: int
    facebook_post_characters: int
    instagram_comment_characters: int


class Paging(msgspec.Struct, frozen=True):
    """How many things one page of an edge holds."""

    default: int
    most: int
    instagram_comments: int


class Limit(msgspec.Struct, frozen=True):
    """`calls` in a rolling `window` of seconds, and the error's code beyond it."""

    calls: int
    window: int
    code: int


class Webhooks(msgspec.Struct, frozen=True):
    """How updates are delivered; all times in seconds."""

    batch: int
    wait: float
    timeout: float
    retries: tuple[float, ...]


class Rules(msgspec.Struct, frozen=True):
    """Everything Meta documents that is a number or a list."""

    versions: Versions
    windows: Windows
    lengths: Lengths
    paging: Paging
    limits: dict[str, Limit]
    webhooks: Webhooks
    subscriptions: dict[str, frozenset[str]]
    scopes: dict[str, frozenset[str]]


@functools.cache
def rules() -> Rules:
    """The rules, read once; an unknown or missing entry is an error at the start."""
    return msgspec.toml.decode((Path(__file__).parent / "rules.toml").read_bytes(), type=Rules)
