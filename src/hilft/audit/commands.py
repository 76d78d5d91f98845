"""The only writer of the record."""

from typing import TYPE_CHECKING

from django.db.models import Model

from hilft.audit.models import Entry

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def record(*, by: "AbstractBaseUser | None", verb: str, subject: Model, **data: object) -> None:
    """Adds one entry with the caller's transaction; `by` is None for what hilft does on its own."""
    Entry.objects.create(
        actor=by,  # type: ignore[misc]  # the user model is set by configuration
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        data=data,
    )
