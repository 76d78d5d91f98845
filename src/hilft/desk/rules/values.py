"""Values of the facts that can have only some, as people call them; rules keep the codes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy
from django.utils.translation import gettext as _

from hilft.channels.registry import KINDS
from hilft.reading.language import UNKNOWN

RISK_WORDS: Final[dict[str, Any]] = {
    "law": pgettext_lazy("risk", "law"),
    "money": pgettext_lazy("risk", "money"),
    "health": pgettext_lazy("risk", "health"),
    "minors": pgettext_lazy("risk", "minors"),
    "press": pgettext_lazy("risk", "press"),
    "danger": pgettext_lazy("risk", "danger"),
}
"""What `reading.risk` finds."""
PURPOSES: Final[dict[str, Any]] = {"reply": gettext_lazy("a reply")}
USUAL: Final = ("de", "en", "tr", "pl", "ru", "uk", "ar", "fr", "it", "es", "ro", "nl")
"""Languages that are offered first."""
NAMED: Final = 12
"""So many values are named where one is not known."""


def words_of(fact: str) -> dict[str, str]:
    """The codes this fact may have, each with its word in the language of the moment; empty where any value may be."""
    return {code: str(word) for code, word in _SETS.get(fact, dict)().items()}


def word_for(fact: str, code: str) -> str:
    """What people call this value; what is in no set is its own word."""
    return words_of(fact).get(code, code)


def code_for(fact: str, said: str) -> str:
    """The code of what somebody wrote, in either language or as the code; names what there is where it is none."""
    if not words_of(fact):
        return said
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, word in words_of(fact).items():
                if said.casefold() in (code.casefold(), word.casefold()):
                    return code
    known = list(words_of(fact).values())
    more = " …" if len(known) > NAMED else "."
    given = {"said": said, "known": ", ".join(known[:NAMED]) + more}
    raise LookupError(_("“%(said)s” is not one of them. There is: %(known)s") % given)


def _channels() -> Mapping[str, Any]:
    return {kind: channel.label for kind, channel in KINDS.items()}


def _languages() -> Mapping[str, Any]:
    names = {str(code): str(name) for code, name in Locale.parse(get_language() or "de", sep="-").languages.items()}
    others = sorted((code for code in names if len(code) == 2 and code not in USUAL), key=names.__getitem__)
    return {code: names[code] for code in (*USUAL, *others)} | {UNKNOWN: _("not recognised")}


_SETS: Final[dict[str, Callable[[], Mapping[str, Any]]]] = {
    "purpose": lambda: PURPOSES,
    "risks": lambda: RISK_WORDS,
    "asked_risks": lambda: RISK_WORDS,
    "channel": _channels,
    "network": _channels,
    "language": _languages,
}
