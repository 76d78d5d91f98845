"""What is typed by hand where a key belongs leads to an answer, never to an error."""

import pytest
from django.urls import reverse

from hilft.people.enums import Role
from tests import factories
from tests.desk import made
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["", "²", "-1", "0", "9" * 40, "1; --"])
def test_what_is_no_key_is_answered(desk: Desk, key: str):
    client = desk(factories.staff(*Role.values))
    asked = [made.asked().conversation_id]
    chosen = client.post(reverse("desk:duplicate-link", args=asked), {"question": key}, headers={"HX-Request": "true"})
    assert chosen.status_code == 422
    joined = client.get(reverse("desk:merge", args=asked), {"other": key})
    assert joined.status_code in {200, 404}
    taken_out = client.post(reverse("desk:split", args=asked), {"message": key}, headers={"HX-Request": "true"})
    assert taken_out.status_code == 422
    many = client.post(reverse("desk:bulk-plan"), {"selected": key, "do": "close"}, headers={"HX-Request": "true"})
    assert many.status_code == 422
    strand = client.get(reverse("desk:conversation", args=asked), {"strand": key})
    assert strand.status_code == 200
