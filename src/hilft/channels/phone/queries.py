"""What the adapter and the desk ask about phone notes; they are kept as raw events and nowhere else."""

from hilft.channels.models import Account, Event
from hilft.channels.phone.notes import KIND, Note, key_of, read


def phone_account() -> Account | None:
    """The installation's one phone account; None before the first start has made it."""
    return Account.objects.filter(kind=KIND).order_by("pk").first()


def note_of(account: str, note: str) -> Note | None:
    """A stored note by its id; None when there is none, or its words were taken away."""
    body = Event.objects.filter(account=int(account), key=key_of(note)).values_list("body", flat=True).first()
    return read(bytes(body)) if body else None
