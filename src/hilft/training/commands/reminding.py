"""Telling people, and their trainers, that a certificate ends: thirty days before, and again seven days before."""

import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.queue import enqueue
from hilft.channels.queries import first_mail_account
from hilft.people.certificates import skill_name
from hilft.people.certifying import note_told
from hilft.people.models import Certificate, User
from hilft.people.queries import active_staff

DAYS: Final = (7, 30)


@transaction.atomic
def remind() -> int:
    """Tells of certificates that end soon and that no later one replaces; returns how many there were."""
    at, count = now(), 0
    for days in DAYS:
        for one in _ending(days):
            if not _replaced(one):
                _write(one)
                count += 1
            note_told(certificates=[one], days=days)
    if count:
        record(by=None, verb="training.remind", subject=None, certificates=count, at=at.isoformat())
    return count


def _ending(days: int) -> list[Certificate]:
    at = now()
    found = Certificate.objects.select_for_update(of=("self",), skip_locked=True).filter(
        user__is_active=True, revoked_at=None, expires_at__gt=at, expires_at__lte=at + timedelta(days=days)
    )
    return [one for one in found.select_related("user", "skill").order_by("pk") if one.told is None or one.told > days]


def _replaced(one: Certificate) -> bool:
    others = Certificate.objects.filter(
        user=one.user, skill=one.skill, channel=one.channel, level__gte=one.level, revoked_at=None
    )
    return any(other.expires_at is None or other.expires_at > (one.expires_at or now()) for other in others)


def _write(one: Certificate) -> None:
    if first_mail_account() is None:
        return
    with override(settings.LANGUAGE_CODE):
        until = formats.date_format(timezone.localtime(one.expires_at), "SHORT_DATE_FORMAT")
        facts = {"name": one.user.name, "skill": skill_name(one.skill), "level": one.level, "date": until}
        subject = _("The certificate “%(skill)s” of %(name)s ends on %(date)s") % facts
        text = _(
            "From then on what it covers is refused, and open drafts go to a second person. The exam can be taken "
            "again now; the lessons are there to read up:"
        )
    for to, path in _whom(one):
        body = f"{text}\n\n{settings.HILFT.public_url}{path}"
        enqueue("channels.mail", to=to.email, subject=subject, text=body, key=uuid.uuid4().hex)


def _whom(one: Certificate) -> list[tuple[User, str]]:
    trainers = [user for user in active_staff() if user.has_role("trainer") and user.pk != one.user_id]
    return [(one.user, "/desk/schulung/"), *((trainer, "/desk/schulung/personen/") for trainer in trainers)]
