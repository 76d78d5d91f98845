"""Hosted questions, the ways people ask them, and answers whose versions never change once published."""

from hilft.knowledge.exchange.models import Imported
from hilft.knowledge.models.answers import Answer, Check, Text, Version, VersionQuerySet, Vote
from hilft.knowledge.models.guests import Asking, Follower
from hilft.knowledge.models.pairs import Finding, Move
from hilft.knowledge.models.questions import Embedded, Matching, Miss, Question, Wording

__all__ = [
    "Answer",
    "Asking",
    "Check",
    "Embedded",
    "Finding",
    "Follower",
    "Imported",
    "Matching",
    "Miss",
    "Move",
    "Question",
    "Text",
    "Version",
    "VersionQuerySet",
    "Vote",
    "Wording",
]
