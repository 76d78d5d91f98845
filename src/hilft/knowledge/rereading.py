"""Another reader takes over: everything is read again in small steps, and the former one answers until it is done."""

import math
import time
from collections.abc import Sequence
from itertools import batched
from typing import NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from hilft.audit.commands import record
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.knowledge.matching import TOGETHER, Matcher, Raw, keep, present, vector_of
from hilft.knowledge.models import Matching, Miss, Wording
from hilft.knowledge.readers import Reader, Reading
from hilft.knowledge.trained import packed, shipped_name
from hilft.reading.embedding import PRESENT, Vectors

PORTION = 48
"""Texts in one step, which is one transaction: a step that is broken off has cost a second or two."""
CLEARED = 2_000
"""Readings of a former reader thrown away in one step."""


class Progress(NamedTuple):
    """How far another reader has come: so many of so many texts, and how many a second while it is at it."""

    done: int
    total: int
    per_second: float

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return 100 * self.done // self.total

    @property
    def left_minutes(self) -> int | None:
        """How long the rest will take, rounded up; None as long as nothing tells."""
        return math.ceil((self.total - self.done) / self.per_second / 60) if self.per_second else None

    @property
    def left_hours(self) -> int | None:
        """The same in hours, where it is more than two."""
        minutes = self.left_minutes or 0
        return round(minutes / 60) if minutes > 120 else None


def progress() -> Progress | None:
    """How far the reader that is to take over has come; None when none is at it."""
    waiting = Reader.objects.defer("parts").exclude(pk=Matching.current().reader_id or 0).filter(total__gt=0).first()
    if waiting is None or (waiting.encoder, waiting.trained) != (PRESENT, shipped_name()):
        return None
    rate = waiting.done / waiting.seconds if waiting.seconds else 0.0
    return Progress(waiting.done, max(waiting.done, waiting.total), rate)


def unfinished(wanted: tuple[str, str] | None = None) -> bool:
    """Whether another reader has to take over, or a former one's readings still lie there."""
    reader = Matching.current().reader
    if reader is None:
        return False
    return reader.names != (wanted or (PRESENT, shipped_name())) or Reader.objects.exclude(pk=reader.pk).exists()


def advance(*, using: Matcher | None = None) -> bool:
    """One small step on the way to where the present matcher answers alone; whether there is more to do.

    Every step is kept by itself: whatever ends the process, the next one goes on from there.
    """
    wanted = using.names if using else (PRESENT, shipped_name())
    answering = Matching.current().reader
    if answering is None:
        return False
    other = Reader.objects.defer("parts").exclude(pk=answering.pk).first()
    if other is not None and (answering.names == wanted or other.names != wanted):
        _clear(other)
        return True
    if answering.names == wanted:
        return False
    matcher = using or present()
    if other is None:
        _begin(matcher, answering)
    elif not _read(matcher, other, answering):
        _take_over(other, answering)
    return True


def _begin(matcher: Matcher, answering: Reader) -> None:
    """A reader for the half of the index that is free."""
    encoding, trained = matcher.names
    Reader.objects.create(
        encoder=encoding,
        trained=trained,
        parts=packed(matcher.trained),
        place=1 - answering.place,
        total=Wording.objects.current().count() + Miss.objects.count(),
    )


def _read(matcher: Matcher, reader: Reader, answering: Reader) -> bool:
    """Reads the next texts; whether there were any. Those that the same encoder read before are only projected."""
    began = time.monotonic()
    part: list[Wording | Miss] = list(_missing_wordings(reader).filter(pk__gt=reader.after)[:PORTION])
    after = part[-1].pk if part else reader.after
    part = part or list(_missing_misses(reader)[:PORTION])
    if not part:
        return False
    known = _known(part, answering) if answering.encoder == reader.encoder else {}
    fresh = [text for text in part if text.pk not in known]
    for some in batched(fresh, TOGETHER):
        vectors = matcher.encoder.encode([text.text for text in some])
        known |= zip((text.pk for text in some), vectors, strict=True)
    with transaction.atomic():
        keep(part, np.stack([known[text.pk] for text in part]), matcher, reader)
        spent = time.monotonic() - began
        mine = Reader.objects.filter(pk=reader.pk)
        mine.update(after=after, done=F("done") + len(part), seconds=F("seconds") + spent)
    return True


@transaction.atomic
def _take_over(reader: Reader, former: Reader) -> None:
    """From now on this reader answers; what it has missed (a long transaction, a wording taken back in) it reads first.

    Nothing can be read for the former one meanwhile: `embed_pending` waits for the same lock.
    """
    settings = Matching.objects.select_for_update().get(pk=1)
    first = _missing_wordings(reader).values_list("pk", flat=True).first()
    if first is not None:
        Reader.objects.filter(pk=reader.pk).update(after=first - 1)
        return
    if settings.reader_id != former.pk or _missing_misses(reader).exists():
        return
    settings.reader = reader
    settings.save(update_fields=["reader"])
    Wording.objects.current().filter(unread=True).update(unread=False)
    Miss.objects.filter(unread=True).update(unread=False)
    record(by=None, verb="knowledge.change_reader", subject=settings, encoder=reader.encoder, trained=reader.trained)
    enqueue("inbox.rematch", everything=True)
    tell("knowledge")


def _clear(reader: Reader) -> None:
    """Throws away some readings of one that no longer answers, and in the end itself."""
    mine = Reading.objects.filter(place=reader.place)
    keys = list(mine.order_by("pk").values_list("pk", flat=True)[:CLEARED])
    if keys:
        Reading.objects.filter(pk__in=keys).delete()
    else:
        reader.delete()


def _known(part: Sequence[Wording | Miss], reader: Reader) -> dict[int, Vectors]:
    """What the encoder said of these texts when it read them for another reader, by text."""
    kind = "wording" if isinstance(part[0], Wording) else "miss"
    rows = Reading.objects.filter(place=reader.place, **{f"{kind}__in": part}).annotate(raw=Raw("vector"))
    return {pk: vector_of(raw) for pk, raw in rows.order_by(kind).values_list(kind, "raw")}


def _missing_wordings(reader: Reader) -> QuerySet[Wording]:
    read = Reading.objects.filter(wording=OuterRef("pk"), place=reader.place)
    return Wording.objects.current().filter(~Exists(read)).order_by("pk")


def _missing_misses(reader: Reader) -> QuerySet[Miss]:
    read = Reading.objects.filter(miss=OuterRef("pk"), place=reader.place)
    return Miss.objects.filter(~Exists(read)).order_by("pk")
