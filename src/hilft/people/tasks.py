"""Jobs of people."""

from hilft.base.queue import periodic
from hilft.people.hours.commands import forget_absences


@periodic("people.forget", "40 3 * * *")
def forget(timestamp: int) -> None:
    """Every night: what is no longer needed about people who work here."""
    forget_absences()
