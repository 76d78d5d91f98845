"""How the company's system of customers is reached and read, and what must be checked before personal data is shown."""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.db import models
from django.db.models import Q

from hilft.customers.mapping import Field, Mapping


class System(models.Model):
    """The one system of customers; its key is `secret`, sealed, and goes along in `header`.

    Paths hold `{value}`; an empty one means that it cannot be searched by that. `needed` checks of those that the
    fields name hold for `hours` in a conversation, after at most `attempts` wrong ones an hour. `example` is the
    practice peer's, whose address changes with each start.
    """

    name = models.CharField(max_length=100)
    base_url = models.CharField(max_length=500)
    header = models.CharField(max_length=100, blank=True)
    secret = models.BinaryField(default=b"")
    read_path = models.CharField(max_length=300)
    number_path = models.CharField(max_length=300, blank=True)
    mail_path = models.CharField(max_length=300, blank=True)
    phone_path = models.CharField(max_length=300, blank=True)
    list_pointer = models.CharField(max_length=200, blank=True)
    key_pointer = models.CharField(max_length=200)
    number_pointer = models.CharField(max_length=200)
    fields = models.JSONField(default=list)
    currency = models.CharField(max_length=3, default="EUR")
    seconds = models.PositiveSmallIntegerField(default=4)
    kilobytes = models.PositiveIntegerField(default=256)
    needed = models.PositiveSmallIntegerField(default=2)
    hours = models.PositiveSmallIntegerField(default=24)
    attempts = models.PositiveSmallIntegerField(default=3)
    active = models.BooleanField(default=True)
    example = models.BooleanField(default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="system_is_one")]

    @property
    def mapping(self) -> Mapping:
        """Where in its answers everything stands."""
        fields = msgspec.convert(self.fields, tuple[Field, ...])
        return Mapping(self.list_pointer, self.key_pointer, self.number_pointer, fields)

    @property
    def checks(self) -> dict[str, list[Field]]:
        """What can be checked, by its name: one field, or several that have to be right together."""
        found: dict[str, list[Field]] = {}
        for field in self.mapping.fields:
            if field.check:
                found.setdefault(field.check, []).append(field)
        return found
