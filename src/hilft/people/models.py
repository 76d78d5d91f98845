"""Staff and teams inside the house; contacts and their handles outside of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hilft.base.enums import Language
from hilft.people.enums import Form, Gate, KeyRight, Right, Role
from hilft.people.hours import models as hours  # noqa: F401  a part of this package


def spoken() -> list[str]:
    """Languages that somebody speaks who has not said so."""
    return [Language.DE, Language.EN]


def long_ago() -> datetime:
    """When somebody was given a conversation who never was."""
    return datetime(2000, 1, 1, tzinfo=UTC)


class Team(models.Model):
    """A group of staff that shares conversations."""

    name = models.CharField(max_length=100, unique=True)
    topics = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes and finds staff by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Creates one member of staff; without a password only passkeys and links let them in."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff; `right` is the one over answers that was granted, empty where it follows from the roles."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    initials = models.CharField(max_length=4, blank=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    right = models.CharField(max_length=15, choices=Right, default="", blank=True)
    teams = models.ManyToManyField(Team, blank=True, related_name="members")
    undo_seconds = models.PositiveSmallIntegerField(_("undo time in seconds"), default=10)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        """Whether this active person has one of the roles."""
        return self.is_active and any(role in self.roles for role in roles)

    def get_full_name(self) -> str:
        """What allauth shows in its pages."""
        return self.name


class Availability(models.Model):
    """Whether somebody is given conversations now, how many that wait for an answer at most, and of what kind."""

    user = models.OneToOneField(User, models.CASCADE, related_name="availability")
    takes = models.BooleanField(_("give me conversations"), default=False)
    most = models.PositiveSmallIntegerField(_("at most so many that wait for an answer"), default=5)
    languages = ArrayField(models.CharField(max_length=10), default=spoken)
    topics = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    given_at = models.DateTimeField(default=long_ago)


class CouncilMode(models.Model):
    """One switch of what is agreed with the works council, kept as it was made: the latest holds."""

    on = models.BooleanField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Skill(models.Model):
    """Something that people learn and prove, in levels from 1 to 5; a retired one is proven no longer."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    retired_at = models.DateTimeField(null=True)


class Certificate(models.Model):
    """That somebody has proven a skill at a level, on one kind of channel or (empty) on all, until it ends.

    `source` says what it came from: an exam, a practice, or somebody's word. `told` is how many days before its end
    the person was last told of it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="certificates")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="certificates")
    level = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="certificate_level"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")), name="certificate_granted_by_another"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(reason=""),
                name="certificate_revoked_for_reason",
            ),
        ]
        indexes = [models.Index(fields=["user", "skill"], name="certificate_of")]

    def valid(self, at: datetime) -> bool:
        """Whether it holds at this moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


class Requirement(models.Model):
    """What it takes to do something on one kind of channel or (empty) on all: a skill at a level, proven."""

    gate = models.CharField(max_length=10, choices=Gate)
    channel = models.CharField(max_length=20, blank=True)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="requirements")
    level = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint("gate", "channel", "skill", name="requirement_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="requirement_level"),
        ]


class ApiKey(models.Model):
    """A key with which another program reads; `start` is how people recognise it, `digest` how hilft does."""

    name = models.CharField(_("name"), max_length=100)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    rights = ArrayField(models.CharField(max_length=20, choices=KeyRight))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    @property
    def rights_named(self) -> list[str]:
        """What it may read, for people."""
        return [str(KeyRight(right).label) for right in self.rights]


class Contact(models.Model):
    """A person outside the house; `merged_into` is the head, the contact that this one is held for one person with."""

    name = models.CharField(max_length=200)
    form = models.CharField(max_length=10, choices=Form, default=Form.UNKNOWN)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="members")
    created_at = models.DateTimeField(auto_now_add=True)

    @property
    def head(self) -> Contact:
        """The contact that stands for the person: itself where it was not merged."""
        return self.merged_into or self


class Handle(models.Model):
    """One identity of a contact on one network."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="handles")
    kind = models.CharField(max_length=20)
    network = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=300)
    handle = models.CharField(max_length=300)
    name = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("kind", "network", "external_id", name="handle_once")]
        indexes = [models.Index(Lower("external_id"), condition=Q(kind__in=["email", "portal"]), name="handle_by_mail")]

    @property
    def shown(self) -> str:
        """The name people see, or the handle where there is none."""
        return self.name or self.handle
