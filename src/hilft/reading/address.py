"""How a text addresses us: Sie, du (or ihr), or nothing to tell it by."""

import re
from typing import Literal

Form = Literal["sie", "du", "unknown"]

DU = re.compile(
    r"\b(du|dich|dir|dein\w*|ihr|euch|euer|eure\w*|habt|könnt|seid|wollt|müsst|macht|hast|bist|kannst|willst|moin|hey|hi|hallöchen|leute)\b",
    re.IGNORECASE,
)
SIE_WORD = re.compile(r"(?<![.!?:]\s)(?<!^)\b(Sie|Ihnen|Ihr(?:e[rsnm]?)?)\b")
SIE_PHRASE = re.compile(
    r"\b(sehr geehrte\w*|guten tag|mit freundlichen grüßen|mfg|hochachtungsvoll"
    r"|(haben|können|würden|könnten|sind|wollen|müssen|bitten|teilen|schicken|senden) sie)\b",
    re.IGNORECASE,
)


def address(text: str) -> Form:
    """The form of address of a German text: the stronger of the two signals, "unknown" on a draw."""
    plain = text.strip()
    sie = 2 * len(SIE_PHRASE.findall(plain)) + len(SIE_WORD.findall(plain))
    capital_ihr = len(re.findall(r"(?<![.!?:]\s)(?<!^)\bIhr(?:e[rsnm]?)?\b", plain))
    du = len(DU.findall(plain)) - capital_ihr
    if sie > du:
        return "sie"
    if du > sie:
        return "du"
    return "unknown"
