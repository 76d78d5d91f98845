"""Posts on the portal: guests' questions and our replies."""

import uuid

from django.db import models


class PortalPost(models.Model):
    """One post in a thread on the portal; a guest's first post waits for its e-mail to be verified."""

    account = models.ForeignKey("channels.Account", models.PROTECT, related_name="+")
    thread = models.UUIDField(default=uuid.uuid4, db_index=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    brand = models.BooleanField(default=False)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=5, default="de")
    idempotency = models.UUIDField(null=True, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "channels"
        indexes = [models.Index(fields=["created_at"], name="portalpost_at")]
