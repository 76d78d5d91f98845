"""The third-party files are exactly the ones the manifest names."""

import json
from pathlib import Path

import pytest

from hilft.base import vendor


def test_every_file_is_the_listed_one() -> None:
    assert vendor.complaints() == []


def test_names_no_host() -> None:
    assert "://" not in (vendor.HOME / "vendor.json").read_text(encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vendor, "HOME", tmp_path)
    (tmp_path / "LICENSE").write_text("Do as you like.")
    (tmp_path / "vendor.json").write_text(
        json.dumps(
            [
                {
                    "name": "thing",
                    "package": "thing",
                    "version": "1",
                    "licence": "MIT",
                    "licence_file": "LICENSE",
                    "files": {"LICENSE": "0" * 64, "gone.js": "0" * 64},
                }
            ]
        )
    )
    return tmp_path


def test_tells_changed_missing_and_unlisted_files(home: Path) -> None:
    (home / "stray.js").write_text("1")

    assert vendor.complaints() == [
        "LICENSE is not the file that was listed.",
        "gone.js is missing.",
        "stray.js is not in the manifest.",
    ]


def test_tells_missing_fields(home: Path) -> None:
    (home / "LICENSE").unlink()
    (home / "vendor.json").write_text(json.dumps([{"name": "thing", "package": "thing", "version": "1"}]))

    assert vendor.complaints() == [
        "thing lacks licence.",
        "thing lacks licence_file.",
        "thing lacks files.",
        "thing does not list its licence text.",
    ]
