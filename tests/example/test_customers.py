"""The example's customer system: known numbers, the practice peer behind them, and an operator's own left alone."""

import pytest
from django.core.cache import cache

from hilft.contacts.models import CustomerNumber
from hilft.customers.asking import record_of, the_system
from hilft.customers.models import System
from hilft.example import customers
from tests import factories
from tests.customers import made

pytestmark = pytest.mark.django_db


def test_it_follows_the_practice_system_to_another_port_and_leaves_an_operators_own():
    cache.clear()
    factories.staff("agent")
    customers.connect("")
    assert the_system() is None
    customers.connect("http://127.0.0.1:9")
    customers.meet_some()
    assert [link.number for link in CustomerNumber.objects.order_by("pk")] == ["10 4711 20", "10 4712 08", "10 4713 55"]
    with made.running() as address:
        customers.connect(address)
        cache.clear()
        katja = record_of(the_system(), number="10 4711 20")
        assert [value.value for value in katja.open][:1] == ["NordNetz Glas 250"]
        assert [value.problem for value in katja.values] == [""] * len(customers.FIELDS)
    own = made.system("https://crm.example", secret="Bearer own")
    customers.connect("http://127.0.0.1:9")
    assert (System.objects.get().base_url, own.example) == ("https://crm.example", False)
