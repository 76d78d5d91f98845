"""Pictures, sound and film of lessons: what a file is by its content, and how large it may be."""

from typing import Final, NamedTuple

MEGABYTE: Final = 1024 * 1024
IMAGE, AUDIO, VIDEO = "image", "audio", "video"
MOST: Final = {IMAGE: 2 * MEGABYTE, AUDIO: 10 * MEGABYTE, VIDEO: 10 * MEGABYTE}
"""Bytes that a file of a kind may have; they lie in the database and go along in its backups."""


class Kind(NamedTuple):
    """How a kind of file begins: at a place, with these bytes."""

    type: str
    at: int
    begins: bytes


KINDS: Final = (
    Kind("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    Kind("image/jpeg", 0, b"\xff\xd8\xff"),
    Kind("image/gif", 0, b"GIF8"),
    Kind("image/webp", 8, b"WEBP"),
    Kind("audio/wav", 8, b"WAVE"),
    Kind("audio/mp4", 4, b"ftypM4A"),
    Kind("video/mp4", 4, b"ftyp"),
    Kind("video/webm", 0, b"\x1a\x45\xdf\xa3"),
    Kind("audio/ogg", 0, b"OggS"),
    Kind("audio/mpeg", 0, b"ID3"),
    Kind("audio/mpeg", 0, b"\xff\xfb"),
)
"""The first that fits holds. No SVG: it is a document that may hold programs."""


def type_of(content: bytes) -> str:
    """The media type by the first bytes, whatever the file is called; empty for anything that is not shown."""
    found = (kind.type for kind in KINDS if content[kind.at : kind.at + len(kind.begins)] == kind.begins)
    return next(found, "")


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a `Range` header asks for; None where it asks for everything or what is not there."""
    unit, _equals, asked = header.partition("=")
    first, _dash, last = asked.partition("-")
    if unit.strip() != "bytes" or not (first + last).isdecimal():
        return None
    begin = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    return (begin, end) if begin <= end else None
