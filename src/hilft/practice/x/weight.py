"""How long X takes a text to be, and what in it is a link or a mention; counted independently of hilft's adapters."""

import re
import unicodedata
from typing import Final, NamedTuple

import regex  # type: ignore[import-untyped]

ENDINGS: Final = (
    "com|org|net|info|biz|eu|de|at|ch|fr|it|es|nl|be|dk|se|pl|cz|uk|us|io|ai|co|me|tv|app|dev|online|shop|cloud|berlin|"
    "hamburg|edu|gov|example"
)
"""Endings that make a bare name a link. X knows all that exist; `.example` is added for the invented companies here."""

LINK: Final = re.compile(
    rf"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}}'…]|(?<![@\w./-])(?:[\w-]+\.)+(?:{ENDINGS})\b(?![\w@-])(?:/[\w/%#?=&.+~-]*[\w/])?",
    re.IGNORECASE,
)
MENTION: Final = re.compile(r"(?<![\w@/.])@(\w{1,20})(?![\w@])", re.ASCII)
"""X's own handles have at most 15 signs; a few of the invented people here have more."""
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points of weight 1, all others weigh 2: twitter-text configuration v3, github.com/twitter/twitter-text."""
_EMOJI: Final = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|[#*0-9]\ufe0f?\u20e3"
)


class Link(NamedTuple):
    """A link in a text: where it stands (code points, end exclusive) and where it leads."""

    start: int
    end: int
    written: str

    @property
    def expanded(self) -> str:
        """With a scheme, as X stores it."""
        return self.written if "://" in self.written else f"http://{self.written}"


def links(text: str) -> list[Link]:
    """The links of a text in order."""
    return [Link(found.start(), found.end(), found.group()) for found in LINK.finditer(text)]


def mentioned(text: str) -> list[str]:
    """The handles a text mentions, in lower case, each once, in order."""
    return list(dict.fromkeys(handle.lower() for handle in MENTION.findall(text)))


def weigh(text: str, *, link: int) -> int:
    """The weighted length; every link weighs `link`, every emoji 2."""
    text = unicodedata.normalize("NFC", text)
    rest = LINK.sub("", text)
    clusters = regex.findall(r"\X", rest)
    return len(links(text)) * link + sum(2 if _EMOJI.search(cluster) else _plain(cluster) for cluster in clusters)


def _plain(cluster: str) -> int:
    return sum(1 if any(low <= ord(sign) <= high for low, high in _LIGHT) else 2 for sign in cluster)
