"""Checks the third-party files we carry against their manifest: name, version, licence and SHA-256 of each."""

import hashlib
import json
from pathlib import Path

HOME = Path(__file__).parent / "static" / "hilft" / "vendor"
REQUIRED = ("name", "package", "version", "licence", "licence_file", "files")


def manifest() -> list[dict[str, object]]:
    """What we say we carry."""
    entries: list[dict[str, object]] = json.loads((HOME / "vendor.json").read_text(encoding="utf-8"))
    return entries


def listed(entry: dict[str, object]) -> dict[str, str]:
    """The files of one entry and their SHA-256."""
    files = entry.get("files")
    return {str(name): str(digest) for name, digest in files.items()} if isinstance(files, dict) else {}


def complaints() -> list[str]:
    """Every way in which the folder and the manifest disagree, as sentences; empty when all is well."""
    found: list[str] = []
    known = {"vendor.json"}
    for entry in manifest():
        title = entry.get("name")
        found += [f"{title} lacks {field}." for field in REQUIRED if not entry.get(field)]
        if entry.get("licence_file") not in listed(entry):
            found.append(f"{title} does not list its licence text.")
        for name, digest in listed(entry).items():
            known.add(name)
            found += _against(HOME / name, name, digest)
    present = {str(file.relative_to(HOME)) for file in HOME.rglob("*") if file.is_file()}
    return found + [f"{name} is not in the manifest." for name in sorted(present - known)]


def _against(file: Path, name: str, digest: str) -> list[str]:
    if not file.is_file():
        return [f"{name} is missing."]
    if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        return [f"{name} is not the file that was listed."]
    return []
