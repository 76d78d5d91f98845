"""Telling people, and their trainers, that a certificate ends: thirty days before, and again seven days before."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.channels.inside import write
from hilft.people.certificates import skill_name
from hilft.people.certifying import note_told
from hilft.people.models import Certificate
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
    with override(settings.LANGUAGE_CODE):
        until = formats.date_format(timezone.localtime(one.expires_at), "SHORT_DATE_FORMAT")
        facts = {"name": one.user.name, "skill": skill_name(one.skill), "level": one.level, "date": until}
        subject = _("The certificate “%(skill)s” of %(name)s ends on %(date)s") % facts
        text = _(
            "From then on what it covers is refused, and open drafts go to a second person. The exam can be taken "
            "again now; the lessons are there to read up:"
        )
    write([one.user], subject, text, path="/desk/schulung/")
    trainers = active_staff().filter(roles__contains=["trainer"]).exclude(pk=one.user_id)
    write(trainers, subject, text, path="/desk/schulung/personen/")
