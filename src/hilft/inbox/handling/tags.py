"""Tags: the vocabulary, and giving a tag another name or merging it into one that exists."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Func, QuerySet, Value
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.prepared import prepared
from hilft.inbox.handling.models import Tag
from hilft.inbox.models import Conversation
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

LONGEST = 60


def names(text: str) -> list[str]:
    """Tags as people type them, with commas between."""
    found = {" ".join(part.replace("#", " ").split())[:LONGEST]: None for part in text.split(",")}
    return [name for name in found if name]


@prepared
def vocabulary() -> QuerySet[Tag]:
    """Every tag, by name."""
    return Tag.objects.order_by("name", "pk")


def known(wanted: Iterable[str], *, new: bool = True) -> list[str]:
    """The tags as the vocabulary spells them; unknown ones join it, or are left out where nothing `new` is wanted."""
    found = []
    for name in wanted:
        tag = Tag.objects.filter(name__iexact=name).first() or (Tag.objects.create(name=name) if new else None)
        if tag:
            found.append(tag.name)
    return found


def together(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """Both without repetition, in order."""
    return list(dict.fromkeys([*first, *second]))


@transaction.atomic
def rename_tag(*, by: User, tag: Tag, name: str) -> Tag:
    """Gives a tag another name on every conversation; where that name exists, both become one."""
    require(by, "tag.manage")
    wanted = next(iter(names(name)), "")
    if not wanted:
        raise Refusal(_("A tag needs a name."))
    tag, old = Tag.objects.select_for_update().get(pk=tag.pk), tag.name
    other = Tag.objects.filter(name__iexact=wanted).exclude(pk=tag.pk).first()
    kept = other or tag
    if other:
        Conversation.objects.filter(tags__contains=[old, other.name]).update(tags=_changed("array_remove", old))
        tag.delete()
    else:
        kept.name = wanted
        kept.save(update_fields=["name"])
    renamed = Conversation.objects.filter(tags__contains=[old]).update(tags=_changed("array_replace", old, kept.name))
    record(by=by, verb="inbox.rename_tag", subject=kept, old=old, name=kept.name, merged=bool(other), on=renamed)
    return kept


def _changed(function: str, *words: str) -> Func:
    text = [Value(word, output_field=models.CharField(max_length=LONGEST)) for word in words]
    kind = ArrayField(models.CharField(max_length=LONGEST))
    return Func("tags", *text, function=function, output_field=kind)
