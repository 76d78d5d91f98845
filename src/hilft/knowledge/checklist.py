"""What a text is looked over for before it is published: by the machine where it can tell, else by a person."""

from collections.abc import Collection, Mapping
from typing import Final, Literal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilft.audit.commands import record
from hilft.base.enums import Address
from hilft.knowledge.commands import Key, Written
from hilft.knowledge.models import Version
from hilft.people.models import User
from hilft.people.queries import require
from hilft.reading.address import address
from hilft.reading.privacy import personal_data

Tick = Literal["machine", "person", "open"]

LONGEST: Final = 1500
"""Letters of a text that still counts as short: about what is read within a minute."""

POINTS: Final[dict[str, str | Promise]] = {
    "short": _("Short: the answer comes first, nothing could be left out"),
    "clear": _("Clear: a customer understands every word"),
    "current": _("Current: prices, dates and names are looked up"),
    "one": _("One question: it answers this one and no other"),
    "address": _("Sie and du are right throughout"),
    "private": _("No personal data in it"),
    "source": _("The source is named in “What changed”"),
    "fits": _("The short text fits on every network"),
}
MACHINE: Final = ("short", "address", "private", "fits")


def seen_by_machine(texts: Mapping[Key, Written], *, room: Mapping[str, int]) -> dict[str, bool]:
    """What the machine can tell of these texts; `room` is how long a short text may be, by language."""
    written = {key: text for key, text in texts.items() if text.body.strip()}
    forms = {key: {address(text.body), address(text.short)} for key, text in written.items()}
    other = {Address.SIE: Address.DU, Address.DU: Address.SIE}
    return {
        "short": all(len(text.body) <= LONGEST for text in written.values()),
        "address": all(other.get(Address(form)) not in found for (_language, form), found in forms.items()),
        "private": not any(personal_data(f"{text.body}\n{text.short}") for text in written.values()),
        "fits": all(len(text.short) <= room[language] for (language, _form), text in written.items()),
    }


def ticks(found: Mapping[str, bool], by_hand: Collection[str]) -> dict[str, Tick]:
    """Each point with who ticked it; what the machine found wanting a person may still tick."""
    return {code: "machine" if found.get(code) else "person" if code in by_hand else "open" for code in POINTS}


@transaction.atomic
def keep(*, by: User, version: Version, points: Mapping[str, Tick]) -> None:
    """Keeps with a version what was ticked before it was published or offered."""
    require(by, "answer.propose")
    version.checklist = dict(points)
    version.save(update_fields=["checklist"])
    left = sorted(code for code, tick in points.items() if tick == "open")
    record(by=by, verb="knowledge.checklist", subject=version, open=left)
