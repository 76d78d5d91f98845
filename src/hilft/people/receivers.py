"""Signing in and out stand in the record, whichever way somebody came in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from hilft.audit.commands import record
from hilft.people.models import User


@receiver(user_logged_in)
def on_sign_in(user: User, **_: Any) -> None:
    """By password, passkey, link or the company's account."""
    record(by=user, verb="people.sign_in", subject=user)


@receiver(user_logged_out)
def on_sign_out(user: User | None, **_: Any) -> None:
    """Nobody signs out where nobody was signed in."""
    if user is not None:
        record(by=user, verb="people.sign_out", subject=user)


@receiver(user_login_failed)
def on_failure(credentials: dict[str, Any], **_: Any) -> None:
    """Only for staff we know: what strangers type is nobody's business."""
    address = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email__iexact=address).first() if address else None
    if user is not None:
        record(by=None, verb="people.sign_in_failed", subject=user)
