"""The way around the desk by keyboard: every place has keys of its own."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from hilft.people.enums import Role
from tests import factories
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


def test_no_two_places_have_the_same_keys(desk: Desk):
    page = desk(factories.staff(*Role.values)).get(reverse("desk:conversations")).content.decode()
    keys = Counter(re.findall(r'data-key="(g [^"]+)"', page))
    assert len(keys) > 20
    assert [key for key, times in keys.items() if times > 1] == []
