"""What tests share: adapters forgotten between them, a customer system to ask, Bluesky's network only if asked for."""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpcore2
import pytest
from django.conf import settings
from django.core.cache import cache as remembered
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from hilft.approvals.models import Rule
from hilft.channels import ledger, registry
from tests.customers import made

hypothesis.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("shared")
"""Two cores are shared with whatever else is tested: how long an example took says nothing about it."""

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""The real ones are slow on purpose, and nothing here is secret."""

plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
"""Pages name style sheets without the manifest that an installation builds."""

settings.DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c hilft.emptying=on"
"""Tests that commit empty every table afterwards, the record too."""

httpcore2.default_ssl_context = cache(httpcore2.default_ssl_context)
"""Each client would read all certificates anew, for 20 ms; tests make thousands, most of them for one question."""

if template := os.environ.get("HILFT_TEMPLATE"):
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template


@pytest.fixture(autouse=True)
def _fresh_adapters() -> Iterator[None]:
    """Adapters are cached by account id, and ids begin anew with each test."""
    registry._adapters.clear()
    yield
    for _config, adapter in registry._adapters.values():
        adapter.close()
    registry._adapters.clear()


@pytest.fixture(scope="module")
def _practice_crm() -> Iterator[str]:
    with made.running() as address:
        yield address


@pytest.fixture
def customer_system(_practice_crm: str) -> str:
    """The address of a practice customer system, of whose answers nothing is remembered."""
    remembered.clear()
    return _practice_crm


@pytest.fixture
def rules_kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """First in is last out: puts back what migrations had put in, after a test with real transactions emptied it."""
    with django_db_blocker.unblock():
        kept = list(Rule.objects.all())
    yield
    with django_db_blocker.unblock():
        Rule.objects.bulk_create(kept, ignore_conflicts=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the lane `peers` out, whose network is large, unless `-m` speaks of it."""
    if "peers" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("peers")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(autouse=True)
def _ledgers_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process looks for changed facts in between; a test that changes one calls `ledger.forget`."""
    monkeypatch.setattr(ledger, "_known", {})
    monkeypatch.setattr(ledger, "_until", float("inf"))
