"""What the tests of the inbox share with those of the portal."""

from tests.community.conftest import mails

__all__ = ["mails"]
