"""How practice customers talk: greeting, mood, mistakes and emoji over a wording; and how a text addresses us."""

import re
from random import Random
from typing import Literal, NamedTuple


class Speaker(NamedTuple):
    """What shapes somebody's tone."""

    temperament: str
    form: str
    language: str


DU = re.compile(
    r"\b(du|dich|dir|dein\w{0,2}|euch|euer|eure\w?|hast|bist|kannst|musst|willst|möchtest|brauchst|solltest|wirst"
    r"|findest|bekommst|hättest|könntest)\b",
    re.IGNORECASE,
)
SIE = re.compile(r"\b(Sie|Ihnen|Ihr|Ihre[mnrs]?)\b")
_GREETINGS = {
    ("de", "sie"): ["Guten Tag!", "Guten Morgen.", "Hallo NordNetz-Team!", "Schönen guten Tag!"],
    ("de", "du"): ["Moin!", "Hey!", "Hallo zusammen!", "Hi!", "Moin moin 👋"],
    ("de", "none"): ["Hallo!", "Moin.", "Guten Tag."],
    ("en", "none"): ["Hi!", "Hello!", "Good morning."],
}
_ENDINGS = {
    ("de", "polite"): ["Vielen Dank im Voraus!", "Danke für die Hilfe.", "Besten Dank schon mal."],
    ("de", "impatient"): ["Bitte zeitnah.", "Ich warte auf Antwort.", "Bitte nicht erst nächste Woche antworten."],
    ("de", "angry"): ["Langsam reicht’s.", "Ein Unding!", "Ich bin wirklich sauer 😡", "Unmöglich sowas."],
    ("de", "puzzled"): ["Ich blicke da nicht mehr durch.", "Bin ratlos.", "Versteh ich nicht 🤔"],
    ("de", "chatty"): ["Bei meiner Schwester war das neulich ganz ähnlich.", "Sonst bin ich ja zufrieden 😊"],
    ("de", "playful"): ["🙃", "Kekse gibt’s als Belohnung 🍪", "*dramatische Musik*"],
    ("en", "polite"): ["Thanks in advance!", "Many thanks."],
    ("en", "impatient"): ["Please answer soon.", "I have been waiting for a while."],
    ("en", "angry"): ["This is getting ridiculous.", "Really annoyed."],
    ("en", "puzzled"): ["I am at a loss.", "No idea what is going on 🤔"],
    ("en", "chatty"): ["Otherwise I am quite happy with you 😊"],
    ("en", "playful"): ["🙃", "*dramatic music*"],
}
_GREETED = re.compile(
    r"^(hallo|hi|hey|moin|guten|sehr geehrt\w*|liebe|servus|good|hello|dear|tach|huhu|mahlzeit)\b", re.I
)
_CARELESS = {"impatient": 0.35, "angry": 0.3, "terse": 0.4, "chatty": 0.25, "playful": 0.15, "puzzled": 0.2}


def say(wording: str, speaker: Speaker, rng: Random) -> str:
    """The wording as this person would send it now."""
    text = wording
    if speaker.temperament != "terse":
        text = _greet(text, speaker, rng)
        endings = _ENDINGS.get((speaker.language, speaker.temperament), [])
        if endings and len(text) < 300 and rng.random() < 0.35:
            text = f"{text} {rng.choice(endings)}"
    if rng.random() < _CARELESS.get(speaker.temperament, 0.08):
        text = mistype(text, rng)
    if speaker.temperament == "angry" and rng.random() < 0.2:
        text = re.sub(r"!", "!!!", text, count=1)
    return text


def address(text: str, brand: str, rng: Random) -> str:
    """The text with the brand's handle where people put it; it is left alone if it has one."""
    if brand.lower() in text.lower():
        return text
    return f"{text} {brand}" if rng.random() < 0.2 else f"{brand} {text}"


def unaddressed(text: str, brand: str) -> str:
    """The text without the brand's handle, where nobody needs it; in mid-sentence the name stands in its place."""
    bare = re.sub(rf"^{re.escape(brand)}[,:]?\s+|\s+{re.escape(brand)}$", "", text.strip(), flags=re.IGNORECASE)
    return re.sub(re.escape(brand), "NordNetz", bare, flags=re.IGNORECASE)


def mistype(text: str, rng: Random) -> str:
    """One typing mistake or careless habit: swapped or missing letters, no capitals, no umlauts."""
    habit = rng.randrange(5)
    if habit == 0:
        return re.sub(r"^\w", lambda first: first.group().lower(), text)
    if habit == 1:
        return text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    words = [
        match
        for match in re.finditer(r"(?<!@)\b[^\W\d_]{5,}\b", text)
        if text[match.start() - 1 : match.start()] != "@"
    ]
    if not words:
        return text
    word = rng.choice(words)
    at = word.start() + rng.randrange(1, len(word.group()) - 2)
    if habit == 2:
        return text[:at] + text[at + 1 :]
    if habit == 3:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _greet(text: str, speaker: Speaker, rng: Random) -> str:
    if _GREETED.match(text) or rng.random() > (0.6 if speaker.temperament == "polite" else 0.25):
        return text
    form = "none" if speaker.language == "en" else speaker.form
    return f"{rng.choice(_GREETINGS[(speaker.language, form)])} {text}"


def form_of(text: str) -> Literal["sie", "du"] | None:
    """The form of address a text uses towards its reader; None when it uses neither or both.

    People on networks write to a team as "ihr": that counts as du.
    """
    formal = bool(SIE.search(text))
    familiar = bool(DU.search(text) or re.search(r"\b(ihr|habt|könnt|seid|wollt)\b", text))
    if formal == familiar:
        return None
    return "sie" if formal else "du"
