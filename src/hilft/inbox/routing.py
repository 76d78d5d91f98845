"""Work finds its person: who gets which waiting conversation, and who loses one that they leave lying.

What is due next goes first, then what has waited longest. Whoever may have it is whoever works now, speaks its
language, looks after its topic and has room; among them it goes to the one with the smallest share of their room
filled, then to the one who has waited longest.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.inbox.enums import State
from hilft.inbox.models import Conversation
from hilft.people.certificates import barred, require_certificate
from hilft.people.enums import Gate
from hilft.people.errors import Refusal
from hilft.people.hours.queries import absences_at, available, require_present
from hilft.people.models import Availability, User
from hilft.people.queries import require

SILENT: Final = timedelta(minutes=20)
"""So long somebody may leave a waiting conversation lying before it goes to the next."""
HELD: Final = (State.OPEN, State.LATER)
"""States in which a conversation is somebody's."""
MOST: Final = 1000
"""Conversations given out in one go."""


class Hand(NamedTuple):
    """Somebody who takes conversations: room for so many, and what they can; empty topics are all topics.

    On kinds of channels that are `barred` their certificates do not suffice.
    """

    user: int
    room: int
    held: int
    languages: frozenset[str]
    topics: frozenset[str]
    last: datetime
    barred: frozenset[str] = frozenset()

    def can(self, matter: "Matter") -> bool:
        """Whether this person may have it, room aside."""
        speaks = not matter.language or matter.language in self.languages
        suited = speaks and matter.kind not in self.barred
        return suited and (not self.topics or matter.topic in self.topics) and self.user != matter.lost_by


class Matter(NamedTuple):
    """A conversation that waits for somebody; whoever lost it by silence does not get it again at once."""

    conversation: int
    language: str
    topic: str
    lost_by: int | None
    kind: str = ""


def plan(matters: Sequence[Matter], hands: Iterable[Hand]) -> dict[int, int]:
    """Conversation → user, for as many as there is somebody with room who can; matters come in their order."""
    free = {hand.user: hand for hand in hands if hand.room > 0}
    order = {user: (hand.held / hand.room, hand.last, user) for user, hand in free.items()}
    given: dict[int, int] = {}
    for matter in matters:
        can = [user for user, hand in free.items() if hand.held < hand.room and hand.can(matter)]
        if not can:
            continue
        user = min(can, key=order.__getitem__)
        hand = free[user] = free[user]._replace(held=free[user].held + 1)
        order[user] = (hand.held / hand.room, hand.last, user)
        given[matter.conversation] = user
    return given


@transaction.atomic
def route() -> int:
    """Gives waiting conversations that nobody has to those who take them; returns how many."""
    hands = _hands(available())
    matters = _matters() if hands else []
    return _give(plan(matters, _bar(hands, matters))) if matters else 0


@transaction.atomic
def take_next(*, by: User) -> Conversation:
    """Gives the person what is due next of what they can answer; refuses when they have no room."""
    require(by, "conversation.work")
    require_present(by)
    mine, _new = Availability.objects.get_or_create(user=by)
    (hand,) = _hands([mine])
    if hand.held >= hand.room:
        words = _("You hold %(held)s waiting conversations, and %(most)s is what you take. Answer one first.")
        raise Refusal(words % {"held": hand.held, "most": hand.room})
    matters = _matters()
    (able,) = _bar([hand._replace(room=hand.held + 1)], matters)
    given = plan(matters, [able])
    if not given:
        if plan(matters, [able._replace(barred=frozenset())]):
            require_certificate(by, Gate.ROUTE, *able.barred)
        raise Refusal(_("Nothing waits that you could take."))
    _give(given, by=by)
    return Conversation.objects.get(pk=next(iter(given)))


@transaction.atomic
def take_from_silent() -> int:
    """Conversations whose customer waits while their assignee does nothing go back to the team; returns how many."""
    since = Greatest("assigned_at", Coalesce("attended_at", "assigned_at"), "waiting_since")
    silent = (
        Conversation.objects.waiting()
        .filter(assignee__isnull=False, assigned_at__isnull=False)
        .annotate(since=since)
        .filter(since__lte=now() - SILENT)
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )
    lost = list(silent[:MOST])
    for conversation in lost:
        record(by=None, verb="inbox.lose", subject=conversation, assignee=conversation.assignee_id)
        conversation.lost_by, conversation.assignee, conversation.assigned_at = conversation.assignee, None, None
    Conversation.objects.bulk_update(lost, ["lost_by", "assignee", "assigned_at"])
    for conversation in lost:
        tell("inbox", conversation=conversation.pk)
    return len(lost)


@transaction.atomic
def take_from_absent() -> int:
    """What people hold who are away, or no longer here, goes back to the team; returns how many conversations."""
    away = [absence.user for absence in absences_at(now()).values()]
    gone = User.objects.filter(is_active=False, conversations__state__in=HELD).distinct().order_by("pk")
    return sum(give_back(holder=user, by=None) for user in [*away, *gone])


@transaction.atomic
def give_back(*, holder: User, by: User | None) -> int:
    """Whatever somebody holds that is not done goes back to the team, with nobody's silence on it; returns how many."""
    held = Conversation.objects.filter(assignee=holder, state__in=HELD)
    given = list(held.select_for_update(of=("self",)).order_by("pk"))
    for conversation in given:
        conversation.assignee, conversation.assigned_at, conversation.attended_at = None, None, None
        record(by=by, verb="inbox.give_back", subject=conversation, assignee=holder.pk)
    Conversation.objects.bulk_update(given, ["assignee", "assigned_at", "attended_at"], batch_size=500)
    for conversation in given:
        tell("inbox", conversation=conversation.pk)
    return len(given)


def _matters() -> list[Matter]:
    waiting = (
        Conversation.objects.waiting()
        .filter(assignee=None, automatic=False)
        .select_for_update(of=("self",), skip_locked=True)
        .due_first()[:MOST]
    )
    return [Matter(*row) for row in waiting.values_list("pk", "language", "topic", "lost_by", "account__kind")]


def _bar(hands: Sequence[Hand], matters: Sequence[Matter]) -> list[Hand]:
    """The same hands, kept from the kinds of channels for which a certificate is missing now."""
    kinds = {matter.kind for matter in matters}
    without = barred(User.objects.filter(pk__in=[hand.user for hand in hands]), Gate.ROUTE, kinds)
    return [hand._replace(barred=without[hand.user]) for hand in hands]


def _hands(given: Iterable[Availability]) -> list[Hand]:
    people = list(given)
    held = Counter(
        Conversation.objects.open()
        .filter(Q(assignee__in=[one.user_id for one in people]), waiting_since__isnull=False)
        .values_list("assignee", flat=True)
    )
    return [
        Hand(one.user_id, one.most, held[one.user_id], frozenset(one.languages), frozenset(one.topics), one.given_at)
        for one in people
    ]


def _give(given: dict[int, int], *, by: User | None = None) -> int:
    at = now()
    found = list(Conversation.objects.filter(pk__in=given).order_by("pk"))
    for conversation in found:
        conversation.assignee_id, conversation.assigned_at, conversation.attended_at = given[conversation.pk], at, None
        record(by=by, verb="inbox.route", subject=conversation, to=conversation.assignee_id)
    Conversation.objects.bulk_update(found, ["assignee", "assigned_at", "attended_at"], batch_size=500)
    Availability.objects.filter(user__in=set(given.values())).update(given_at=at)
    for conversation in found:
        tell("inbox", conversation=conversation.pk)
    return len(found)
