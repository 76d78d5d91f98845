"""What the portal's tests share: readers, plain static files, similar questions worked out anew."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from hilft.channels.commands import connect_account
from hilft.channels.models import Account
from tests import factories


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Keys are given out anew with each test, so what a cache knows of them is wrong."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def reader() -> Client:
    """Somebody who was never here before."""
    return Client()


@pytest.fixture
def open_portal() -> Account:
    """A portal that can be asked: it has its account, and one to send mail from."""
    connect_account(by=None, kind="email", name="Post", handle="post@nordnetz.example", settings={}, secrets={})
    return factories.portal_account()


@pytest.fixture
def mails() -> Callable[[], list[dict[str, Any]]]:
    """The mails that wait in the queue, oldest first."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    def waiting() -> list[dict[str, Any]]:
        return [job.args for job in ProcrastinateJob.objects.filter(task_name="channels.mail").order_by("pk")]

    return waiting
