"""Topics and their addresses, made from their German names."""

from typing import NamedTuple

from django.db.models import Count, Max
from django.http import Http404
from django.utils.text import slugify

from hilft.knowledge.models import Question

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Topic(NamedTuple):
    """What questions are grouped by, and how many public ones there are."""

    slug: str
    name: str
    name_en: str
    questions: int


def slug_of(name: str) -> str:
    """A topic's name as it stands in addresses: "Rechnung & Verträge" → "rechnung-vertraege"."""
    return slugify(name.lower().translate(UMLAUTS)) or "thema"


def topics() -> list[Topic]:
    """The topics of public questions, by name."""
    rows = (
        Question.objects.public()
        .values("topic")
        .annotate(english=Max("topic_en"), questions=Count("pk"))
        .order_by("topic")
    )
    return [Topic(slug_of(row["topic"]), row["topic"], row["english"], row["questions"]) for row in rows]


def topic_of(slug: str, among: list[Topic]) -> Topic:
    """The topic with this address; 404 when no public question has it."""
    found = next((topic for topic in among if topic.slug == slug), None)
    if found is None:
        raise Http404
    return found
