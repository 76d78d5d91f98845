"""What the tests of the inbox share: accounts, and the mails of the portal."""

import pytest

from hilft.channels.models import Account
from tests import factories
from tests.community.conftest import mails
from tests.inbox.arriving import mail_account

__all__ = ["mails"]


@pytest.fixture
def account(db: None) -> Account:
    return factories.mastodon_account()


@pytest.fixture
def mailbox(db: None) -> Account:
    return mail_account()
