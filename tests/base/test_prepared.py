"""A prepared query finds what the plain one finds, whatever is asked, and never takes None."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from hilft.base.prepared import Given, prepared
from hilft.people.models import Handle
from tests import factories

pytestmark = pytest.mark.django_db


@prepared
def others(contacts: Given, besides: Given) -> QuerySet[Handle]:
    found = Handle.objects.filter(contact__among=contacts).exclude(pk=besides)
    return found.select_related("contact").order_by("pk")


def plain(contacts: list[int], besides: int) -> list[Handle]:
    return list(Handle.objects.filter(contact__in=contacts).exclude(pk=besides).order_by("pk"))


def test_each_call_finds_what_the_plain_query_finds() -> None:
    account = factories.portal_account()
    handles = [factories.message(account).conversation.handle for _number in range(3)]
    keys = [handle.contact_id for handle in handles]
    first, second = handles[0].pk, handles[1].pk
    asked: tuple[tuple[list[int], int], ...] = ((keys, 0), (keys, second), (keys[:1], 0), ([], 0), (keys[1:], first))
    for contacts, besides in asked:
        assert others(contacts, besides) == plain(contacts, besides)


def test_what_is_related_comes_along_in_the_one_query() -> None:
    handle = factories.message(factories.portal_account()).conversation.handle
    others([handle.contact_id], 0)
    with CaptureQueriesContext(connection) as asked:
        names = [found.contact.name for found in others([handle.contact_id], 0)]
    assert (names, len(asked)) == ([handle.contact.name], 1)


def test_none_is_refused() -> None:
    with pytest.raises(ValueError, match="takes no None"):
        others([1], None)
