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


@prepared
def names(contacts: Given) -> QuerySet[Handle, tuple[int, str]]:
    return Handle.objects.filter(contact__among=contacts).order_by("pk").values_list("pk", "handle")


def test_columns_come_as_they_do_from_the_plain_query() -> None:
    account = factories.portal_account()
    handles = [factories.message(account).conversation.handle for _number in range(2)]
    keys = [handle.contact_id for handle in handles]
    for asked in (keys, keys[:1], []):
        assert names(asked) == list(Handle.objects.filter(contact__in=asked).order_by("pk").values_list("pk", "handle"))


def test_the_database_plans_it_once_and_other_queries_keep_their_way() -> None:
    handle = factories.message(factories.portal_account()).conversation.handle
    for _call in range(4):
        assert [found.pk for found in others([handle.contact_id], 0)] == [handle.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE '_pg3%'")
        kept = [statement for (statement,) in cursor.fetchall()]
    assert [one for one in kept if 'NOT ("people_handle"."id"' in one]
    assert [one for one in kept if "pg_prepared_statements" in one] == []


def test_none_is_refused() -> None:
    with pytest.raises(ValueError, match="takes no None"):
        others([1], None)
