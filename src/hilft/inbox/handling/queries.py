"""What screens ask about handiwork."""

from django.db.models import Count, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hilft.inbox.handling.models import Step, Tag
from hilft.inbox.models import Conversation


def tags_in_use() -> QuerySet[Tag]:
    """Every tag with how many conversations it is `on`, by name."""
    tagged = (
        Conversation.objects.filter(
            tags__contains=Func(OuterRef("name"), function="ARRAY", template="ARRAY[%(expressions)s]")
        )
        .order_by()
        .annotate(one=Value(1))
        .values("one")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Tag.objects.annotate(on=Coalesce(Subquery(tagged, output_field=IntegerField()), 0)).order_by("name", "pk")


def steps_of(conversation: Conversation, *, most: int = 8) -> list[Step]:
    """The latest steps that people and rules took here, newest first."""
    found = Step.objects.filter(conversation=conversation).select_related("by", "rule", "undone_by")
    return list(found.order_by("-pk")[:most])
