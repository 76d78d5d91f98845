"""What the tests of the desk share: somebody at the desk, in English."""

from collections.abc import Callable

import pytest
from django.test import Client

from hilft.people.models import User

Desk = Callable[[User], Client]


@pytest.fixture
def desk() -> Desk:
    """Signs somebody in; their pages are in English, whose words are those of the source."""

    def sign_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return sign_in
