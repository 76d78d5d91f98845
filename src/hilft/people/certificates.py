"""What certificates somebody holds, and whether they suffice for what they want to do now."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.base.prepared import Given, prepared
from hilft.people.enums import Gate
from hilft.people.errors import Uncertified
from hilft.people.models import Certificate, Requirement, Skill, User


class Lack(NamedTuple):
    """A certificate that is required and not there, and when the last one ended, if there was one."""

    skill: Skill
    level: int
    channel: str
    ended_at: datetime | None


def lacks(user: User, gate: Gate, kinds: Collection[str], *, at: datetime | None = None) -> list[Lack]:
    """What somebody would need to have proven to do this on these kinds of channels at this moment."""
    required = required_for(gate, kinds)
    return _lacks(required, _held([user], required)[user.pk], kinds, at or now()) if required else []


def certified(user: User, gate: Gate, *kinds: str, at: datetime | None = None) -> bool:
    """Whether the person's certificates cover this; always where nothing is required."""
    return not lacks(user, gate, kinds, at=at)


def require_certificate(user: User, gate: Gate, *kinds: str) -> None:
    """Raises Uncertified, naming what is missing and since when, unless the person's certificates cover this."""
    missing = lacks(user, gate, kinds)
    if missing:
        raise Uncertified(" ".join(told(lack) for lack in missing), [lack.skill.key for lack in missing])


def barred(users: Iterable[User], gate: Gate, kinds: Collection[str]) -> dict[int, frozenset[str]]:
    """User → kinds of channels, among these, on which they may not do this now."""
    people, at = list(users), now()
    required = required_for(gate, kinds)
    held = _held(people, required) if required else {}
    return {
        user.pk: frozenset(kind for kind in kinds if required and _lacks(required, held[user.pk], [kind], at))
        for user in people
    }


def required_for(gate: Gate, kinds: Collection[str]) -> list[Requirement]:
    """What is required for this on these kinds of channels."""
    return _required(gate.value, ["", *kinds])


@prepared
def _required(gate: Given, channels: Given) -> QuerySet[Requirement]:
    found = Requirement.objects.filter(gate=gate, channel__among=channels)
    return found.select_related("skill").order_by("skill__key", "channel")


def told(lack: Lack) -> str:
    """What is missing, as a sentence."""
    facts = {"skill": skill_name(lack.skill), "level": lack.level}
    if lack.ended_at is None:
        return _("The certificate “%(skill)s”, level %(level)s, is missing.") % facts
    ended = formats.date_format(timezone.localtime(lack.ended_at), "SHORT_DATE_FORMAT")
    return _("The certificate “%(skill)s”, level %(level)s, ended on %(date)s.") % (facts | {"date": ended})


def skill_name(skill: Skill) -> str:
    """A skill's name in the person's language."""
    english = not (get_language() or "de").startswith("de")
    return (english and skill.name_en) or skill.name


def certificates_of(user: User) -> QuerySet[Certificate]:
    """Everything somebody has ever proven, the newest first."""
    found = Certificate.objects.filter(user=user).select_related("skill", "granted_by", "revoked_by")
    return found.order_by("-granted_at", "-pk")


def every_certificate() -> QuerySet[Certificate]:
    """Everybody's certificates that hold or have ended, those that end first on top; revoked ones last."""
    found = Certificate.objects.filter(user__is_active=True).select_related("user", "skill", "revoked_by")
    return found.order_by(F("revoked_at").desc(nulls_first=True), F("expires_at").asc(nulls_last=True), "pk")


def every_requirement() -> QuerySet[Requirement]:
    """All requirements, by what they are for."""
    return Requirement.objects.select_related("skill").order_by("gate", "channel", "skill__key")


def every_skill() -> QuerySet[Skill]:
    """All skills that are learned now, by name."""
    return Skill.objects.filter(retired_at=None).order_by("name", "pk")


def _held(users: Collection[User], required: list[Requirement]) -> dict[int, list[Certificate]]:
    held: dict[int, list[Certificate]] = {user.pk: [] for user in users}
    for one in _certificates(list(held), list({one.skill_id for one in required})):
        held[one.user_id].append(one)
    return held


@prepared
def _certificates(users: Given, skills: Given) -> QuerySet[Certificate]:
    return Certificate.objects.filter(user__among=users, skill__among=skills).order_by("granted_at", "pk")


def _lacks(required: list[Requirement], held: list[Certificate], kinds: Collection[str], at: datetime) -> list[Lack]:
    return [
        Lack(one.skill, one.level, kind, _ended(one, held, kind, at))
        for one in required
        for kind in ([one.channel] if one.channel else kinds)
        if kind in kinds and not any(_covers(has, one, kind) and has.valid(at) for has in held)
    ]


def _covers(has: Certificate, one: Requirement, kind: str) -> bool:
    return has.skill_id == one.skill_id and has.level >= one.level and has.channel in ("", kind)


def _ended(one: Requirement, held: list[Certificate], kind: str, at: datetime) -> datetime | None:
    ends = [has.revoked_at or has.expires_at for has in held if _covers(has, one, kind) and not has.valid(at)]
    return max((end for end in ends if end), default=None)
