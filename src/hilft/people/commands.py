"""The only writers of staff, contacts and handles."""

from collections.abc import Collection
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import SIGNED_OUT, tell
from hilft.people.enums import Form, Right
from hilft.people.errors import Refusal
from hilft.people.models import Availability, Contact, Handle, Team, User, spoken
from hilft.people.queries import require
from hilft.people.rules import right_of
from hilft.people.signals import changed, left


@transaction.atomic
def create_first_operator(*, email: str, name: str, password: str) -> User:
    """Makes the first member of staff of an empty installation; refuses when there is one already."""
    if User.objects.select_for_update().exists():
        raise Refusal(_("This installation already has staff. Ask an operator for access."))
    user = User.objects.create_user(email, password, name=name, initials=initials(name), roles=["operator", "lead"])
    record(by=user, verb="people.first_operator", subject=user)
    return user


@transaction.atomic
def set_undo_time(*, by: User, seconds: int) -> None:
    """Changes how long a person's replies can be taken back; language and appearance are kept by the browser."""
    by.undo_seconds = min(max(seconds, 0), 60)
    by.save(update_fields=["undo_seconds"])
    record(by=by, verb="people.set_undo_time", subject=by, seconds=by.undo_seconds)


@transaction.atomic
def set_availability(*, by: User, takes: bool, most: int, languages: list[str], topics: list[str]) -> Availability:
    """Says whether the person is given conversations, how many and of what kind."""
    require(by, "conversation.work")
    mine, _new = Availability.objects.select_for_update().get_or_create(user=by)
    mine.takes, mine.most = takes, min(max(most, 1), 50)
    mine.languages = languages or spoken()
    mine.topics = list(dict.fromkeys(topic.strip() for topic in topics if topic.strip()))
    mine.save()
    record(by=by, verb="people.set_availability", subject=mine, takes=takes, most=mine.most)
    return mine


@transaction.atomic
def save_staff(
    *,
    by: User,
    user: User | None,
    email: str,
    name: str,
    roles: list[str],
    active: bool = True,
    teams: Collection[Team] | None = None,
    languages: list[str] | None = None,
) -> User:
    """Creates or changes a member of staff; the last operator cannot lock everybody out.

    Whoever may not sign in any more is signed out at once, everywhere; what they held goes back to the others.
    """
    require(by, "staff.manage")
    user = user or User(email=email)
    leaving = user.pk and ("operator" not in roles or not active)
    if leaving and not User.objects.filter(is_active=True, roles__contains=["operator"]).exclude(pk=user.pk).exists():
        raise Refusal(_("This is the last operator. Make somebody else operator first."))
    user.email, user.name, user.roles, user.is_active, user.initials = email, name, roles, active, initials(name)
    if not user.pk:
        user.set_unusable_password()
    user.save()
    if teams is not None:
        user.teams.set(teams)
    if languages is not None:
        Availability.objects.update_or_create(user=user, defaults={"languages": languages or spoken()})
    record(by=by, verb="people.save_staff", subject=user, roles=roles, active=active)
    if not active:
        _sign_out(user)
    if right_of(user) is None:
        left.send(User, user=user, by=by)
    changed.send(User, user=user, by=by)
    return user


@transaction.atomic
def save_team(*, by: User, name: str) -> Team:
    """The team of this name, new where there is none."""
    require(by, "staff.manage")
    name = " ".join(name.split())[:100]
    if not name:
        raise Refusal(_("A team needs a name."))
    team, created = Team.objects.get_or_create(name=name)
    if created:
        record(by=by, verb="people.save_team", subject=team, name=name)
    return team


@transaction.atomic
def grant_right(*, by: User, user: User, right: str) -> None:
    """Says how far somebody's word on answers reaches; empty lets it follow from the roles. Never one's own."""
    require(by, "right.grant")
    if by.pk == user.pk:
        raise Refusal(_("Nobody grants a right to themselves. Ask a colleague."))
    user = User.objects.select_for_update().get(pk=user.pk)
    before, user.right = user.right, Right(right) if right else ""
    user.save(update_fields=["right"])
    record(by=by, verb="people.grant_right", subject=user, before=before, right=user.right)


def meet(*, kind: str, network: str, external_id: str, handle: str, name: str, url: str) -> Handle:
    """Finds or makes the handle, and its contact, of somebody who wrote to us; keeps names up to date."""
    found = Handle.objects.filter(kind=kind, network=network, external_id=external_id).first()
    if found is None:
        with transaction.atomic():
            contact = Contact.objects.create(name=name or handle)
            found, created = Handle.objects.get_or_create(
                kind=kind,
                network=network,
                external_id=external_id,
                defaults={"contact": contact, "handle": handle, "name": name, "url": url},
            )
            if not created:
                contact.delete()
    elif (found.handle, found.name, found.url) != (handle, name, url):
        found.handle, found.name, found.url = handle, name, url
        found.save(update_fields=["handle", "name", "url"])
    return found


def remember_form(*, contact: Contact, form: str) -> None:
    """Keeps how a contact addresses us, once they have shown it."""
    if form != Form.UNKNOWN and contact.form != form:
        contact.form = form
        contact.save(update_fields=["form"])


@transaction.atomic
def set_form(*, by: User, contact: Contact, form: str) -> None:
    """Corrects how a contact wants to be addressed; what they write later may show it anew."""
    require(by, "conversation.work")
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    before, contact.form = contact.form, Form(form)
    contact.save(update_fields=["form"])
    record(by=by, verb="people.set_form", subject=contact, before=before, form=contact.form)


def initials(name: str) -> str:
    """Up to two initials of a name, for avatars and signatures."""
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


def _sign_out(user: User) -> None:
    """Ends every session of somebody and what their open pages hear; none comes to life again with their account."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in Session.objects.filter(expire_date__gt=now()).order_by("pk").iterator():
        if str(session.get_decoded().get(SESSION_KEY, "")) == str(user.pk):
            store(session.session_key).delete()
    tell(SIGNED_OUT, user=user.pk)
