"""One run: customers ask, replies leave while a fault strikes, and the network is asked what stands there."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count, Sum

from hilft.approvals.models import Rule
from hilft.base.clock import now
from hilft.base.queue import enqueue
from hilft.channels.commands import connect_account, note_calls, store
from hilft.channels.contract import ChannelError
from hilft.channels.enums import AccountState
from hilft.channels.listener import Listener
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of
from hilft.cli.bench.faults.cases import Case
from hilft.cli.bench.faults.hooks import PATIENCE, hooks_process, until
from hilft.cli.bench.faults.networks import Network, practice_network
from hilft.cli.bench.faults.workers import Travel, Workers, travelling, when_next
from hilft.cli.instance import Trouble
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import last_seen
from hilft.people.models import User
from hilft.publishing.commands import drafts
from hilft.publishing.commands.stuck import resume_account
from hilft.publishing.enums import DeliveryState
from hilft.publishing.models import Delivery, Placement
from hilft.publishing.queries import needing_person

WORKERS: Final = 4
"""As many as a worker process runs side by side."""

CHANGED: Final = 10
"""Every so many questions are rewritten by their customer right away, where the fault concerns what comes in."""

UNDO: Final = 600
"""Seconds during which a released reply can be taken back: nothing leaves before everything is written."""

LOOK: Final = 5.0
"""Seconds between two looks of the listener; as often as a busy page is worth it."""
SWEEP: Final = timedelta(minutes=1)
WAITING: Final = (DeliveryState.QUEUED, DeliveryState.SENDING)


class Outcome(NamedTuple):
    """What a run came to. `lost` are replies that neither stand on the network nor are listed for a person, `wrong`
    are differences between what hilft believes and what stands there; `hours` is the time that passed for both."""

    network: str
    fault: str
    questions: int
    replies: int
    twice: int
    lost: int
    person: int
    wrong: int
    attempts: int
    hours: float
    seconds: float


def run(kind: str, case: Case, replies: int) -> Outcome:
    """Runs one fault on a network of its own, in a database that holds nothing else."""
    began = time.monotonic()
    with ExitStack() as stack:
        network = stack.enter_context(practice_network(kind))
        travel = stack.enter_context(travelling(network))
        workers = stack.enter_context(_working())
        account = _connected(network)
        asked = _come_in(network, account, case, workers, replies)
        _write(account)
        _Leaving(network, account, case, travel, workers).leave()
        workers.end()
        workers.check()
        found = _compared(network, account, asked)
        adapter_of(Account.objects.get(pk=account.pk)).close()
        return Outcome(
            network=kind,
            fault=case.fault,
            questions=Conversation.objects.filter(account=account).count(),
            **found,
            hours=round(travel.seconds / 3600, 1),
            seconds=round(time.monotonic() - began, 1),
        )


@contextmanager
def _working() -> Iterator[Workers]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    workers = Workers(WORKERS)
    workers.start()
    try:
        yield workers
    finally:
        workers.end()


def _connected(network: Network) -> Account:
    return connect_account(
        by=None,
        kind=network.kind,
        name=network.kind,
        handle="@nordnetz",
        settings=network.settings(),
        secrets=network.secrets(),
    )


def _come_in(network: Network, account: Account, case: Case, workers: Workers, count: int) -> dict[str, str]:
    """Has customers ask and waits until all of it is read; question id → the words that stand there in the end."""
    with ExitStack() as stack:
        if case.inbound:
            network.call_back(stack.enter_context(hooks_process()))
            network.faults(case.wanted)
        _look(account)
        stack.enter_context(_listening(account))
        asked: dict[str, str] = {}
        for number in range(count):
            text = f"Frage {number}: Warum blinkt der Router orange?"
            question = network.ask(number, text)
            if case.rewritten and number % CHANGED == 0:
                text = f"Frage {number}: Warum blinkt der Router rot?"
                network.rewrite(number, question, text)
            asked[question] = text
        until(lambda: workers.raised or _heard(account) == asked, "what customers asked")
        workers.check()
        network.faults({})
    if Conversation.objects.filter(account=account).count() != count:
        raise Trouble("Some questions share a conversation.")
    return asked


def _heard(account: Account) -> dict[str, str]:
    messages = Message.objects.filter(account=account).values_list("external_id", "text")
    return {external_id or "": text for external_id, text in messages}


@contextmanager
def _listening(account: Account) -> Iterator[None]:
    """The account's listener, as the process for listeners runs it."""
    listener = Listener(account)
    listener.start()
    try:
        yield
    finally:
        listener.stop.set()
        listener.join(20)


def _write(account: Account) -> None:
    """An agent answers every question in words of its own; a rule of this house releases them."""
    agent = User.objects.create_user("agent@nordnetz.example", None, name="agent", roles=["agent"], undo_seconds=UNDO)
    Rule.objects.get_or_create(code="faults", defaults={"label": "faults", "position": 0, "tier": 0})
    for conversation in Conversation.objects.filter(account=account).order_by("pk"):
        draft = drafts.begin(by=agent, conversation=conversation)
        text = f"Zu Ihrer Anfrage {conversation.pk}: Die Leitung wird gerade umgeschaltet."
        drafts.submit(by=agent, draft=draft, text=text, seen=last_seen(conversation))


def _look(account: Account) -> None:
    """What the listener does between two heartbeats; our own replies come back as echoes."""
    account = Account.objects.get(pk=account.pk)
    adapter = adapter_of(account)
    try:
        raws, cursor = adapter.poll(account.cursor)
    except ChannelError:
        return
    store(account, raws, cursor=cursor)
    note_calls(account, adapter)


class _Leaving:
    """Lets the outbox work until nothing waits any more, passing the time whenever everybody waits."""

    def __init__(self, network: Network, account: Account, case: Case, travel: Travel, workers: Workers) -> None:
        self._network = network
        self._account = account
        self._case = case
        self._travel = travel
        self._workers = workers
        self._deliveries = Delivery.objects.filter(account=account)
        self._count = self._deliveries.count()
        self._struck_at: float | None = None
        self._over = case.inbound
        self._swept = 0.0

    def leave(self) -> None:
        """Returns when each reply has arrived or needs a person."""
        last = self._deliveries.order_by("-due_at")[0].due_at
        self._travel.to(last)
        deadline, looked = time.monotonic() + PATIENCE, time.monotonic()
        while left := self._deliveries.filter(state__in=WAITING).count():
            if time.monotonic() > deadline:
                raise Trouble(f"{left} replies still wait: {self._errors()}")
            self._workers.check()
            self._strike(self._count - left)
            if self._workers.idle():
                self._pass_time()
            elif time.monotonic() - looked > LOOK:
                _look(self._account)
                looked = time.monotonic()
            time.sleep(0.02)
        self._network.faults({})
        _look(self._account)

    def _strike(self, arrived: int) -> None:
        """Switches the fault on and off when it is time."""
        case, seconds = self._case, self._travel.seconds
        if self._over:
            return
        if self._struck_at is None and arrived >= case.since * self._count:
            self._network.faults(case.wanted)
            self._struck_at = seconds
        elif self._struck_at is not None and case.hours and seconds - self._struck_at >= 3600 * case.hours:
            self._end()

    def _end(self) -> None:
        self._network.faults({})
        self._over = True

    def _pass_time(self) -> None:
        """Goes on to when something is due; each minute a sweep reminds of what lies there, as in production."""
        if Account.objects.get(pk=self._account.pk).state == AccountState.LOST:
            self._reconnect()
            return
        time.sleep(self._case.late)
        self._travel.to(min(when_next() or now() + SWEEP, now() + timedelta(hours=1)))
        if self._travel.seconds - self._swept >= SWEEP / timedelta(seconds=1):
            self._swept = self._travel.seconds
            enqueue("publishing.sweep", timestamp=0)

    def _reconnect(self) -> None:
        """An operator sees that the account is lost and enters its credentials again."""
        self._end()
        _connected(self._network)
        resume_account(self._account)

    def _errors(self) -> list[tuple[str, str, int]]:
        rows = self._deliveries.filter(state__in=WAITING).values_list("state", "error").annotate(n=Count("pk"))
        return [(state, error, number) for state, error, number in rows][:5]


def _compared(network: Network, account: Account, asked: dict[str, str]) -> dict[str, int]:
    """What the network says stands there, against what hilft believes and what its screen lists for a person."""
    standing = network.replies()
    below = Counter(reply.question for reply in standing)
    listed = {str(delivery.reply_to and delivery.reply_to.external_id) for delivery in needing_person()}
    believed = set(Placement.objects.filter(account=account).values_list("external_id", flat=True))
    delivered = Delivery.objects.filter(account=account, state=DeliveryState.DELIVERED).count()
    return {
        "replies": len(standing),
        "twice": sum(number - 1 for number in below.values()),
        "lost": len(set(asked) - set(below) - listed),
        "person": len(listed),
        "wrong": len({reply.id for reply in standing} ^ believed) + abs(delivered - len(believed)),
        "attempts": Delivery.objects.filter(account=account).aggregate(n=Sum("attempts"))["n"],
    }
