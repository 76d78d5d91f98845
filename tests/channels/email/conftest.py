"""The brand's mailbox, for every test of the e-mail adapter."""

import pytest

from tests.channels.email.world import MailWorld
from tests.peers.mail import Mail


@pytest.fixture
def world(mail: Mail) -> MailWorld:
    return MailWorld(mail)
