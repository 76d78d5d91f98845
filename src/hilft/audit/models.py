"""Entries of the record, and the seals that chain them; the database refuses to change or remove either."""

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models


class Entry(models.Model):
    """Who did what to what, and when.

    `data` is the one part that may be erased (personal data that must go): then it is empty and `salt` is gone, and
    the seal keeps only a digest that says nothing without the salt.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    salt = models.UUIDField(null=True, db_default=RandomUUID())

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="entry_subject"),
            models.Index(fields=["actor", "-id"], name="entry_actor"),
            models.Index(fields=["verb", "-id"], name="entry_verb"),
        ]


class Seal(models.Model):
    """An entry's place in the chain: digests are 32 bytes of SHA-256, `before` is the digest of the place before.

    `entry` is a number without a foreign key: what a seal speaks of may be missing, and that is to be found.
    """

    place = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    details = models.BinaryField()
    before = models.BinaryField()
    digest = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="seal_at")]
