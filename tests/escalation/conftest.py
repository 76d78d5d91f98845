"""What the tests of hand-overs share: a real mail server, and a department behind it."""

from collections.abc import Iterator

import pytest

from hilft.inbox.models import Conversation
from tests import factories
from tests.escalation.posting import LEITUNG, TECHNIK, VERTRETUNG, Post
from tests.peers.mail import Mail, running_mail


@pytest.fixture(scope="session")
def server() -> Iterator[Mail]:
    with running_mail() as found:
        for address in (TECHNIK, VERTRETUNG, LEITUNG):
            found.allow(address)
        yield found


@pytest.fixture
def post(server: Mail) -> Post:
    return Post(server)


@pytest.fixture
def conversation() -> Conversation:
    """Somebody asks in public about a failure."""
    return factories.message(factories.mastodon_account(), "Seit gestern kein Internet!", who="lena").conversation
