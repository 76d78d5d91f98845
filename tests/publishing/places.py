"""Accounts on running practice networks, and what comes in and leaves there, through the real adapters."""

from datetime import timedelta

from hilft.base.clock import now
from hilft.channels.commands import connect_account, store
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Message
from hilft.inbox.queries import last_seen
from hilft.people.models import User
from hilft.practice.meta import people
from hilft.publishing.commands import decisions, deliveries, drafts
from hilft.publishing.models import Delivery, Draft, Placement
from hilft.publishing.rules import draft_digest
from tests.channels.x.world import ONE
from tests.practice.meta.conftest import Meta
from tests.practice.x.conftest import BRAND, X


def on_x(x: X, **settings: object) -> Account:
    """The brand's account on a practice X, with nothing heard yet."""
    account = connect_account(
        by=None,
        kind="x",
        name="NordNetz auf X",
        handle="@nordnetz",
        settings={"base_url": x.url, "user_id": BRAND, "timeout_seconds": 5} | settings,
        secrets=dict(ONE),
    )
    return from_now(account)


def on_facebook(meta: Meta, **settings: object) -> Account:
    """The brand's page on a practice Facebook, with nothing heard yet."""
    account = connect_account(
        by=None,
        kind="facebook",
        name="NordNetz auf Facebook",
        handle="NordNetz",
        settings={
            "base_url": str(meta.http.base_url),
            "page_id": people.PAGE_ID,
            "app_id": people.APP_ID,
            "timeout_seconds": 5,
        }
        | settings,
        secrets={
            "page_token": meta.token,
            "app_secret": people.app_secret(),
            "verify_token": people.VERIFY_TOKEN,
        },
    )
    return from_now(account)


def from_now(account: Account) -> Account:
    account.cursor = adapter_of(account).poll("")[1]
    account.save(update_fields=["cursor"])
    return account


def hear(account: Account) -> list[Message]:
    """Looks at the network once and reads what is new; the customers' messages among it, oldest first."""
    last = Message.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    raws, cursor = adapter_of(account).poll(account.cursor)
    store(account, raws, cursor=cursor)
    account.refresh_from_db()
    read_new_events(account=account)
    return list(Message.objects.filter(pk__gt=last, direction="in").order_by("at", "pk"))


def submitted(by: User, message: Message, text: str, *, public: bool | None = None, by_hand: bool = False) -> Draft:
    """A reply, written and submitted."""
    draft = drafts.begin(by=by, conversation=message.conversation)
    if public is not None:
        draft = drafts.set_public(by=by, draft=draft, public=public)
    return drafts.submit(by=by, draft=draft, text=text, seen=last_seen(message.conversation), by_hand=by_hand)


def released(by: User, draft: Draft) -> Delivery:
    """Released by a second person."""
    draft = Draft.objects.select_related("conversation").get(pk=draft.pk)
    return decisions.approve(by=by, draft=draft, digest=draft_digest(draft))


def left(delivery: Delivery) -> Delivery:
    """Lets the undo time pass and delivers."""
    Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(seconds=1))
    deliveries.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def placed(delivery: Delivery) -> Placement:
    """The placement that a delivery made."""
    assert (delivery.state, delivery.error) == ("delivered", "")
    return Placement.objects.select_related("conversation", "message").get(delivery=delivery)
