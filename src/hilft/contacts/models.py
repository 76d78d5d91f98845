"""Merges of contacts with their evidence, notes, customer numbers, and who was verified where."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hilft.contacts.enums import Evidence, Known
from hilft.inbox.models import Conversation, Message
from hilft.people.models import Contact


class Merge(models.Model):
    """That two contacts are one person, and what speaks for it; while it stands, the source has the target's head."""

    source = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    target = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=10, choices=Evidence)
    words = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("source", condition=Q(undone_at=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="merge_of_two"),
        ]
        indexes = [models.Index(fields=["target"], condition=Q(undone_at=None), name="merge_into")]


class Note(models.Model):
    """What people here keep in mind about one contact; it stays with that contact whatever is merged or undone."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "-id"], name="note_of_contact")]


class NoteVersion(models.Model):
    """What a note said before it was changed."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="versions")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until = models.DateTimeField()


class CustomerNumber(models.Model):
    """That a contact has a number at the company, and how it is known; all that is stored of a customer record.

    `bare` is the number without spaces and signs, by which it is compared; `key` the customer system's own for it,
    empty where it was not asked. Like a note it stays with its contact, whatever is merged or undone.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="customer_numbers")
    number = models.CharField(max_length=60)
    bare = models.CharField(max_length=60)
    key = models.CharField(max_length=100, blank=True)
    evidence = models.CharField(max_length=10, choices=Known)
    words = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("contact", "bare", condition=Q(removed_at=None), name="number_once")]
        indexes = [models.Index(fields=["bare"], condition=Q(removed_at=None), name="contact_by_number")]


class Verification(models.Model):
    """One attempt to make sure in one conversation that it is the customer of a number; never what was said.

    `means` names what was compared. One that passed holds for this number in this conversation alone, until `until`.
    """

    link = models.ForeignKey(CustomerNumber, models.CASCADE, related_name="verifications")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="verifications")
    means = ArrayField(models.CharField(max_length=60))
    passed = models.BooleanField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True, until__isnull=False) | Q(passed=False, until=None), name="verification_ends"
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "link"], name="verification_in"),
            models.Index(fields=["at"], condition=Q(passed=False), name="verification_wrong"),
        ]
