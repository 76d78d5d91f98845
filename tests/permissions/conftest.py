"""What the tests of permissions share."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def plain_files(settings: Any, tmp_path: Path) -> None:
    """Pages name style sheets without the manifest that an installation builds."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.STATIC_ROOT = str(tmp_path)
