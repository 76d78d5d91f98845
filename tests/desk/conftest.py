"""What the tests of the desk share: somebody at the desk, in English."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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


@pytest.fixture(autouse=True)
def _static_files_as_they_lie(settings: Any, tmp_path: Path) -> None:
    """Pages name style sheets without the manifest that an installation builds."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.STATIC_ROOT = str(tmp_path)
