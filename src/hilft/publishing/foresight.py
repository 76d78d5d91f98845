"""What publishing a version would do to each reply made from an older one; nothing is kept here."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from hilft.channels.contract import Ref, Standing
from hilft.channels.registry import adapter_of
from hilft.knowledge.models import Text, Version
from hilft.publishing.enums import How, ItemState
from hilft.publishing.models import Correction, CorrectionItem, Placement
from hilft.publishing.places import place_of, source_of, text_for
from hilft.publishing.rendering import DoesNotFit, render, render_correction
from hilft.publishing.rules import HOW


def foresee(version: Version) -> list[CorrectionItem]:
    """What `plan` would list if this version were published now; nothing is kept."""
    prefetch_related_objects([version], "texts")
    correction = Correction(version=version)
    return [item_for(correction, placement) for placement in replies_made_before(version)]


def replies_made_before(version: Version) -> list[Placement]:
    """Replies that stand out there and that this version's question answers for, from other texts than this one."""
    return list(
        Placement.objects.made_before(version)
        .select_related("account", "conversation__handle", "conversation__account", "source__version")
        .order_by("pk")
    )


def item_for(correction: Correction, placement: Placement) -> CorrectionItem:
    """What the correction does to one reply: the way its network allows, with the new text as it will stand there."""
    version = correction.version
    text = text_for(version, language=placement.language, form=placement.address)
    before = placement.source
    item = CorrectionItem(correction=correction, placement=placement, source=text)
    if before and placement.unchanged and (before.body, before.short) == (text.body, text.short):
        item.how, item.state = How.SAME, ItemState.DONE
        return item
    item.how = _how(placement)
    item.text = _text(item, text, version)
    if not item.text:
        item.how, item.remark = How.PERSON, _("The new text does not fit here.")
    elif not placement.unchanged:
        item.remark = _("The reply had been adapted by hand.")
    return item


def _how(placement: Placement) -> How:
    """The network's way to correct; a private message that cannot be changed is followed by another one."""
    adapter = adapter_of(placement.account)
    how = HOW[adapter.correction]
    if placement.public or how not in {How.EDIT, How.VISIBLE_REPLY}:
        return how
    target = Ref(
        channel=placement.account.kind,
        account=str(placement.account_id),
        id=placement.external_id,
        version=placement.external_version or None,
    )
    standing = Standing(at=placement.published_at, text=placement.text)
    changes = how == How.EDIT and adapter.allowed("edit", target, standing).ok
    return How.EDIT if changes else How.FOLLOW_UP


def _text(item: CorrectionItem, text: Text, version: Version) -> str:
    placement = item.placement
    source = source_of(text, version.answer.question)
    place = place_of(placement.conversation, public=placement.public)
    try:
        if item.how == How.EDIT:
            return render(source, place)
        return render_correction(source, place, of=placement.published_at)
    except DoesNotFit:
        return ""
