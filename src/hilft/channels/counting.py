"""How long a text is, as each network counts it, and how it is shortened without cutting a sentence."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex  # type: ignore[import-untyped]

from hilft.channels.contract import Limits, Unit

WEIGHTED_URL: Final = 23
"""What a link costs on networks that shorten it; developer documentation of X, "Counting characters"."""

LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that weigh one; all others weigh two (twitter-text configuration v3)."""

ENDINGS: Final = (
    "com|org|net|info|biz|eu|de|at|ch|li|lu|fr|it|es|nl|be|dk|se|no|fi|pl|cz|sk|hu|uk|ie|us|ca|au|jp|in|io|app|dev|"
    "social|online|shop|tel|tv|me|co|ai|cloud|berlin|wien|bayern|hamburg|koeln|ruhr|saarland|edu|gov|example"
)
"""Endings that make a name without a scheme a link; a selection, extended when a network counts one we lack."""

DIRECTIONS: Final = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks that turn the direction of writing; they end a link."""

LINK: Final = regex.compile(rf"https?://[^\s<>\"{DIRECTIONS}]*[^\s<>\".,;:!?)\]}}'…{DIRECTIONS}]", regex.IGNORECASE)
BARE: Final = regex.compile(
    rf"{LINK.pattern}|(?<![@\w.-])(?:[\w-]+\.)+(?:{ENDINGS})(?![\w@-]|\.\w)(?:/[^\s<>\"]*[\w/#=&-])?", regex.IGNORECASE
)
LABEL: Final = 63
"""The longest part of a host's name, in ASCII; X takes what has a longer one for plain text (RFC 1035, 2.3.4)."""

EMOJI: Final = regex.compile(r"\p{Emoji_Presentation}|\p{Regional_Indicator}|\ufe0f")
CLUSTER: Final = regex.compile(r"\X")

ABBREVIATION: Final = regex.compile(
    r"\p{L}|abs|allg|art|bspw|bzgl|bzw|ca|dr|etc|evtl|exkl|frl|geb|ggf|hr|hrsg|inkl|max|min|mind|mio|mrd|mwst|nr|prof|"
    r"sog|st|std|str|tel|usw|vgl|vs|zzgl|mr|mrs|ms|no|approx|resp|incl",
    regex.IGNORECASE,
)
"""Words whose full stop does not end a sentence, and single letters, as in "z. B."."""

STOP: Final = regex.compile(r"[.!?…]+[\"'”“»«)\]]*(?=\s|$)|\n+")


def count(text: str, limits: Limits) -> int:
    """The length of `text` in the unit of `limits`; a link costs `limits.url` where that is set."""
    rest: str
    shortened: int
    text = unicodedata.normalize("NFC", text)
    if limits.unit == "weighted280":
        rest = BARE.sub(lambda found: "" if _reachable(found.group()) else found.group(), text)
        return _weighed(rest) + len(links(text)) * (WEIGHTED_URL if limits.url is None else limits.url)
    if limits.url is None:
        return _plain(text, limits.unit)
    rest, shortened = LINK.subn("", text)
    return _plain(rest, limits.unit) + shortened * limits.url


def links(text: str) -> list[str]:
    """What X takes for links in `text`, also without a scheme, in order."""
    return [link for link in BARE.findall(unicodedata.normalize("NFC", text)) if _reachable(link)]


def fits(text: str, limits: Limits) -> bool:
    """Whether `text` keeps both limits, the counted one and the one in bytes."""
    if limits.bytes is not None and len(unicodedata.normalize("NFC", text).encode()) > limits.bytes:
        return False
    return count(text, limits) <= limits.text


def sentences(text: str) -> list[str]:
    """The sentences of `text` with the white space that follows them; joined they give `text` again."""
    parts: list[str] = []
    start = 0
    for stop in STOP.finditer(text):
        if not _ends(text, start, stop.start(), stop.group()):
            continue
        end = stop.end()
        while end < len(text) and text[end].isspace():
            end += 1
        parts.append(text[start:end])
        start = end
    return [*parts, text[start:]] if start < len(text) else parts


def shorten(text: str, limits: Limits, tail: str) -> str:
    """As many whole sentences as fit with `tail` behind them, which stands there in any case.

    Raises ValueError when not even the first sentence fits.
    """
    parts = sentences(text)
    for kept in range(len(parts), 0, -1):
        short = "".join(parts[:kept]).rstrip() + tail
        if fits(short, limits):
            return short
    raise ValueError("Not even the first sentence fits.")


def _ends(text: str, start: int, at: int, stop: str) -> bool:
    """Whether the mark at `at` ends a sentence and not an abbreviation, an initial, a date or a count."""
    rest = text[at + len(stop) :].lstrip()
    if not stop.startswith(".") or stop.startswith("..") or not rest:
        return True
    word = text[start:at].rsplit(maxsplit=1)[-1:] or [""]
    last = word[0].rsplit(".", 1)[-1].strip("(\"'„“»«[")
    abbreviated = ABBREVIATION.fullmatch(last) is not None
    numbered = regex.fullmatch(r"(\d{1,2}\.)*\d{1,2}", word[0]) is not None
    return not (abbreviated or numbered or rest[0].islower())


def _reachable(link: str) -> bool:
    """Whether the parts of the host's name are short enough."""
    host = regex.split(r"[/?#]", regex.sub(r"^https?://", "", link, flags=regex.IGNORECASE), maxsplit=1)[0]
    return all(len(_ascii(label)) <= LABEL for label in host.split("."))


def _ascii(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _plain(text: str, unit: Unit) -> int:
    if unit == "grapheme":
        return sum(1 for _ in CLUSTER.finditer(text))
    if unit == "utf16":
        return len(text.encode("utf-16-le")) // 2
    if unit == "byte":
        return len(text.encode())
    return len(text)


def _weighed(text: str) -> int:
    return sum(2 if EMOJI.search(cluster) else _weight(cluster) for cluster in CLUSTER.findall(text))


def _weight(cluster: str) -> int:
    return sum(1 if any(low <= ord(char) <= high for low, high in LIGHT) else 2 for char in cluster)
