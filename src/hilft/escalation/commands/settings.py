"""Schedules in versions, promises, departments and their levels: what leads decide."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.schedules import NeverOpen
from hilft.base.schedules import Schedule as Hours
from hilft.channels.models import Account
from hilft.channels.secrets import seal
from hilft.escalation.enums import Reach, What
from hilft.escalation.models import Department, Level, Promise, Schedule, ScheduleVersion
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

Week = Sequence[Sequence[tuple[int, int]]]


@transaction.atomic
def save_schedule(
    *,
    by: User | None,
    schedule: Schedule | None = None,
    name: str,
    week: Week,
    region: str = "",
    days: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    since: datetime | None = None,
    zone: str = "Europe/Berlin",
) -> ScheduleVersion:
    """A new schedule, or other hours of one from a moment on: what runs keeps the hours it began with.

    Refuses hours that overlap or never open, and a beginning that is not after the version before.
    """
    if by is not None:
        require(by, "escalation.manage")
    if schedule is None:
        schedule, created = Schedule.objects.get_or_create(name=name.strip())
        if not created:
            raise Refusal(_("There is a schedule of this name already."))
    schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
    last = schedule.versions.order_by("-number").first()
    begins = (since or now()) if last else None
    if last and last.since and begins and begins <= last.since:
        raise Refusal(_("The new hours must begin after those that were planned last."))
    version = ScheduleVersion(
        schedule=schedule,
        number=last.number + 1 if last else 1,
        since=begins,
        zone=zone,
        week=[[list(span) for span in spans] for spans in week],
        region=region,
        days={day: [list(span) for span in spans] for day, spans in (days or {}).items()},
        by=by,
    )
    _possible(version)
    version.save()
    if schedule.name != name.strip():
        schedule.name = name.strip()
        schedule.save(update_fields=["name"])
    record(by=by, verb="escalation.save_schedule", subject=schedule, version=version.number, week=version.week)
    return version


@transaction.atomic
def save_promise(
    *,
    by: User | None,
    promise: Promise | None = None,
    kind: str,
    priority: str,
    what: str,
    minutes: int,
    schedule: Schedule | None,
    warn: int = 50,
    alarm: int = 80,
) -> Promise:
    """What holds for replies from now on; waits that have begun keep what was promised then."""
    if by is not None:
        require(by, "escalation.manage")
    if minutes < 1 or not 0 < warn < alarm < 100:
        raise Refusal(_("A promise needs at least a minute, and its second warning comes after the first."))
    same = Promise.objects.filter(kind=kind, priority=priority, what=What(what))
    if same.exclude(pk=promise.pk if promise else 0).exists():
        raise Refusal(_("There is a promise for this channel and priority already."))
    promise = promise or Promise()
    promise.kind, promise.priority, promise.what, promise.minutes = kind, priority, what, minutes
    promise.schedule, promise.warn, promise.alarm = schedule, warn, alarm
    promise.save()
    record(by=by, verb="escalation.save_promise", subject=promise, kind=kind, priority=priority, minutes=minutes)
    return promise


@transaction.atomic
def delete_promise(*, by: User, promise: Promise) -> None:
    """Nothing is promised there any more; waits that have begun keep what was promised."""
    require(by, "escalation.manage")
    record(by=by, verb="escalation.delete_promise", subject=promise, kind=promise.kind, minutes=promise.minutes)
    promise.delete()


@transaction.atomic
def save_department(
    *,
    by: User | None,
    department: Department | None = None,
    name: str,
    topics: Collection[str],
    reach: str,
    schedule: Schedule | None = None,
    account: Account | None = None,
    url: str = "",
    secret: str = "",
    is_active: bool = True,
) -> Department:
    """Who is asked and how; an empty secret keeps the one there is. Refuses a webhook without address or secret."""
    if by is not None:
        require(by, "escalation.manage")
    if Department.objects.filter(name=name.strip()).exclude(pk=department.pk if department else 0).exists():
        raise Refusal(_("There is a department of this name already."))
    department = department or Department()
    if Reach(reach) == Reach.WEBHOOK and not (url and (secret or department.secret)):
        raise Refusal(_("A webhook needs an address and a secret that both sides know."))
    department.name, department.topics, department.reach = name.strip(), sorted(set(topics)), reach
    department.schedule, department.account, department.url = schedule, account, url
    department.is_active = is_active
    if secret:
        department.secret = seal({"webhook": secret})
    department.save()
    record(by=by, verb="escalation.save_department", subject=department, name=name, reach=reach)
    return department


@transaction.atomic
def save_level(
    *,
    by: User | None,
    department: Department,
    level: Level | None = None,
    name: str,
    owner: User | None = None,
    deputy: User | None = None,
    address: str = "",
    deputy_address: str = "",
    acknowledge_minutes: int = 120,
    answer_minutes: int = 480,
) -> Level:
    """A level at the end of the others, or other people on one; refuses one that nobody can be reached on."""
    if by is not None:
        require(by, "escalation.manage")
    department = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
    if department.reach == Reach.INSIDE and owner is None:
        raise Refusal(_("Name somebody who works in hilft."))
    if department.reach == Reach.MAIL and not address:
        raise Refusal(_("Give an address that is read there."))
    _not_ours(address, deputy_address)
    if min(acknowledge_minutes, answer_minutes) < 1:
        raise Refusal(_("A level needs at least a minute."))
    last = department.levels.order_by("-number").first()
    level = level or Level(department=department, number=last.number + 1 if last else 1)
    outside = department.reach == Reach.MAIL
    level.name, level.owner, level.deputy = name.strip(), None if outside else owner, None if outside else deputy
    level.address, level.deputy_address = (address, deputy_address) if outside else ("", "")
    level.acknowledge_minutes, level.answer_minutes = acknowledge_minutes, answer_minutes
    level.save()
    record(by=by, verb="escalation.save_level", subject=department, level=level.number, name=name)
    return level


@transaction.atomic
def save_expert(
    *,
    by: User | None,
    expert: Department | None = None,
    topics: Collection[str],
    person: User | None = None,
    name: str = "",
    address: str = "",
    deputy: User | None = None,
    deputy_address: str = "",
    schedule: Schedule | None = None,
    account: Account | None = None,
    acknowledge_minutes: int = 120,
    answer_minutes: int = 480,
    is_active: bool = True,
) -> Department:
    """Who may be asked on these topics: somebody who works in hilft, or somebody outside by name and address."""
    if not topics:
        raise Refusal(_("Say on what they may be asked."))
    name = name.strip() or (person.name if person else "")
    if not name or not (person or address):
        raise Refusal(_("Name somebody who works in hilft, or somebody else with an address."))
    reach = Reach.INSIDE if person else Reach.MAIL
    saved = save_department(
        by=by,
        department=expert,
        name=name,
        topics=topics,
        reach=reach,
        schedule=schedule,
        account=account,
        is_active=is_active,
    )
    Department.objects.filter(pk=saved.pk).update(is_expert=True)
    saved.is_expert = True
    save_level(
        by=by,
        department=saved,
        level=saved.levels.first(),
        name=name,
        owner=person,
        deputy=deputy,
        address=address,
        deputy_address=deputy_address,
        acknowledge_minutes=acknowledge_minutes,
        answer_minutes=answer_minutes,
    )
    return saved


@transaction.atomic
def delete_level(*, by: User, level: Level) -> None:
    """Takes the last level away, while nothing lies or lay with it."""
    require(by, "escalation.manage")
    if level.department.levels.filter(number__gt=level.number).exists():
        raise Refusal(_("Only the last level can be taken away."))
    if level.turns.exists():
        raise Refusal(_("Something was handed to this level: it stays, with its times."))
    record(by=by, verb="escalation.delete_level", subject=level.department, level=level.number)
    level.delete()


def _possible(version: ScheduleVersion) -> None:
    """Refuses hours that cannot be, and those that never open."""
    if len(version.week) != 7:
        raise Refusal(_("A week has seven days."))
    try:
        Hours([version.pure]).due(version.since or now(), timedelta(minutes=1))
    except (ValueError, KeyError) as error:
        raise Refusal(_("These hours cannot be: open times follow one another within a day.")) from error
    except NeverOpen as error:
        raise Refusal(_("These hours never open.")) from error


def _not_ours(*addresses: str) -> None:
    """A mail to one of our own accounts would come back as a customer's question."""
    settings: list[dict[str, Any]] = list(Account.objects.filter(kind="email").values_list("settings", flat=True))
    ours = {str(values.get("address", "")).lower() for values in settings}
    if {address.lower() for address in addresses if address} & ours:
        raise Refusal(_("This is an address of our own: a mail to it would come in as a question."))
