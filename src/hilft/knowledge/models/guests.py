"""Guests of the portal: who follows a question, and whoever began to ask."""

from django.db import models

from hilft.base.enums import Language
from hilft.knowledge.enums import AskingEnd
from hilft.knowledge.models.questions import Question


class Follower(models.Model):
    """A guest who wants to hear of a question, by an address they proved: of a thread on the portal or a hosted one.

    `thread` stays when the thread's question turned out to be answered and `question` became what they follow.
    """

    email = models.EmailField()
    language = models.CharField(max_length=5, default=Language.DE)
    me_too = models.BooleanField(default=True)
    thread = models.UUIDField(null=True, db_index=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="followers")
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("thread", "email", name="follower_of_thread_once"),
            models.UniqueConstraint("question", "email", name="follower_of_question_once"),
        ]


class Asking(models.Model):
    """Somebody who began to ask on the portal and for whom a hosted answer seemed to fit; nothing tells who it was.

    A share of them, `held_out`, is shown nothing, so that what showing answers prevents can be measured.
    """

    key = models.UUIDField(unique=True)
    held_out = models.BooleanField()
    outcome = models.CharField(max_length=10, choices=AskingEnd, default=AskingEnd.NOTHING)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="asking_at")]
