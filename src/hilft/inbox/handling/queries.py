"""What screens ask about handiwork."""

from django.db.models import Count, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hilft.base.prepared import Given, prepared
from hilft.inbox.handling.models import Joining, Step, Tag
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


def steps_of(conversation: Conversation) -> list[Step]:
    """The latest eight steps that people and rules took here, newest first."""
    return _steps(conversation.pk)


@prepared
def _steps(conversation: Given) -> QuerySet[Step]:
    found = Step.objects.filter(conversation=conversation)
    return found.select_related("by", "rule", "undone_by").order_by("-pk")[:8]


def joinings_of(conversation: Conversation) -> list[Joining]:
    """What was merged into this conversation or taken out of it, and of which one it was taken out, newest first."""
    return _joinings(conversation.pk)


@prepared
def _joinings(conversation: Given) -> QuerySet[Joining]:
    found = Joining.objects.filter(Q(target=conversation) | Q(source=conversation), undone_at=None)
    return found.select_related("by", "source__handle", "source__account", "target").order_by("-pk")
