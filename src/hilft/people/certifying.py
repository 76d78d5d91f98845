"""The only writers of certificates and of what they are required for."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, count

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.enums import Gate
from hilft.people.errors import Refusal
from hilft.people.models import Certificate, Requirement, Skill, User
from hilft.people.queries import require

DAYS_A_MONTH = 30.4375
LEVELS = range(1, 6)


@transaction.atomic
def save_skill(*, by: User | None, key: str, name: str, name_en: str = "") -> Skill:
    """Adds a skill, or gives one its names."""
    if by:
        require(by, "role.describe")
    if not name.strip():
        raise Refusal(_("A skill needs a name."))
    skill, _new = Skill.objects.update_or_create(key=key, defaults={"name": name, "name_en": name_en})
    record(by=by, verb="people.save_skill", subject=skill, name=name)
    return skill


@transaction.atomic
def add_skill(*, by: User, name: str, name_en: str = "") -> Skill:
    """A new skill; refuses a name that there is already."""
    require(by, "role.describe")
    name = " ".join(name.split())[:100]
    if Skill.objects.filter(name__iexact=name).exists():
        raise Refusal(_("There is a skill of this name already."))
    start = slugify(name)[:40] or "skill"
    taken = set(Skill.objects.filter(key__startswith=start).values_list("key", flat=True))
    key = next(key for key in chain([start], (f"{start}-{n}" for n in count(2))) if key not in taken)
    return save_skill(by=by, key=key, name=name, name_en=name_en.strip())


@transaction.atomic
def retire_skill(*, by: User, skill: Skill, retired: bool = True) -> Skill:
    """Nobody learns or proves it from now on, what was proven stays on record; or brings it back.

    Refuses while it is required for something, which nobody could meet any more.
    """
    require(by, "role.describe")
    skill = Skill.objects.select_for_update().get(pk=skill.pk)
    if retired and Requirement.objects.filter(skill=skill).exists():
        raise Refusal(_("It is required for something. An operator has to take that back first."))
    skill.retired_at = now() if retired else None
    skill.save(update_fields=["retired_at"])
    record(by=by, verb="people.retire_skill", subject=skill, retired=retired)
    return skill


@transaction.atomic
def grant_certificate(
    *, by: User | None, user: User, skill: Skill, level: int, months: int, source: str, channel: str = ""
) -> Certificate:
    """Keeps that somebody has proven a skill; valid for so many months, 0 for as long as nobody revokes it.

    `by` is None where an exam decided. Never for oneself.
    """
    if by:
        require(by, "certificate.grant")
        if by.pk == user.pk:
            raise Refusal(_("Nobody certifies themselves. Ask another trainer."))
    if level not in LEVELS:
        raise Refusal(_("A level is a number from 1 to 5."))
    if not source.strip():
        raise Refusal(_("Say how it was proven."))
    at = now()
    made = Certificate.objects.create(
        user=user,
        skill=skill,
        level=level,
        channel=channel,
        source=source.strip()[:200],
        granted_by=by,
        granted_at=at,
        expires_at=at + timedelta(days=months * DAYS_A_MONTH) if months else None,
    )
    record(by=by, verb="people.grant_certificate", subject=made, user=user.pk, skill=skill.key, level=level)
    tell("training", user=user.pk)
    return made


@transaction.atomic
def revoke_certificate(*, by: User, certificate: Certificate, reason: str) -> Certificate:
    """Ends a certificate now, for a reason that the person reads; what they do next is judged without it."""
    require(by, "certificate.revoke")
    if not reason.strip():
        raise Refusal(_("Say why it ends: the person reads it."))
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.user_id == by.pk:
        raise Refusal(_("Somebody else has to revoke yours."))
    if not certificate.valid(now()):
        raise Refusal(_("This certificate has ended already."))
    certificate.revoked_at, certificate.revoked_by, certificate.reason = now(), by, reason.strip()
    certificate.save()
    record(by=by, verb="people.revoke_certificate", subject=certificate, user=certificate.user_id, reason=reason)
    tell("training", user=certificate.user_id)
    return certificate


@transaction.atomic
def note_told(*, certificates: Iterable[Certificate], days: int) -> None:
    """Keeps that people were told that these end in so many days."""
    for certificate in certificates:
        certificate.told = days
        certificate.save(update_fields=["told"])
        record(by=None, verb="people.tell_of_end", subject=certificate, days=days)


@transaction.atomic
def save_requirement(*, by: User | None, gate: str, skill: Skill, level: int, channel: str = "") -> Requirement:
    """Requires a certificate for something, on one kind of channel or on all; holds from the next request on."""
    if by:
        require(by, "requirement.manage")
    if gate not in Gate.values or level not in LEVELS:
        raise Refusal(_("A requirement needs something it is for, and a level from 1 to 5."))
    if skill.retired_at:
        raise Refusal(_("This skill is retired."))
    made, _new = Requirement.objects.update_or_create(
        gate=gate, channel=channel, skill=skill, defaults={"level": level}
    )
    record(by=by, verb="people.save_requirement", subject=made, gate=gate, channel=channel, level=level)
    return made


@transaction.atomic
def delete_requirement(*, by: User, requirement: Requirement) -> None:
    """Requires it no longer."""
    require(by, "requirement.manage")
    what = {"gate": requirement.gate, "channel": requirement.channel, "level": requirement.level}
    record(by=by, verb="people.delete_requirement", subject=requirement, skill=requirement.skill.key, **what)
    Requirement.objects.filter(pk=requirement.pk).delete()
