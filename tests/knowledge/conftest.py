"""What hilft tells people is compared in English here, whatever the installation speaks."""

from tests.channels.conftest import _english

__all__ = ["_english"]
