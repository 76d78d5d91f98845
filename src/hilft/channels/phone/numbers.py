"""Telephone numbers: one spelling for the same number, and one that people read."""

from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

HOME: Final = "DE"
"""The country of a number written without one."""


class NotANumber(ValueError):
    """Nobody can be called at this number."""


def e164(written: str) -> str:
    """The number as E.164 ("+494066969123"); without a country code it is a German one. Raises NotANumber.

    Without its area code a number would be taken for one of another town: it begins with 0 or +. A number of no known
    range is taken only with its country code: the tables of ranges lag behind new ones
    (https://github.com/google/libphonenumber/blob/master/FAQ.md, read 2026-11-24).
    """
    if not written.lstrip(" (").startswith(("+", "0")):
        raise NotANumber(written)
    try:
        number = phonenumbers.parse(written, HOME)
    except NumberParseException as error:
        raise NotANumber(written) from error
    spelled_out = written.strip().startswith(("+", "00"))
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if not (phonenumbers.is_valid_number(number) or (spelled_out and possible)):
        raise NotANumber(written)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """An E.164 number as people read it: "+49 40 66969123"; anything else stays as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number
