"""What is made from the sources before a start: language catalogues and hashed static files."""

import hashlib
import os
import subprocess
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hilft.cli.instance import SOURCE, Trouble, manage

PACKAGE = SOURCE / "hilft"


def compile_languages() -> int:
    """Compiles each catalogue that changed; returns how many there are."""
    catalogues = sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))
    for source in catalogues:
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        partial = target.with_suffix(f".{os.getpid()}.partial")
        try:
            with partial.open("wb") as file:
                write_mo(file, catalogue)
            partial.replace(target)
        except OSError as error:
            raise Trouble(
                f"The language catalogues cannot be written beside their sources ({error.strerror})."
            ) from error
    return len(catalogues)


def collect_static(folder: Path) -> Path:
    """Hashed and compressed static files in `folder/static`, made again only when a source changed."""
    target, stamp = folder / "static", folder / "static.stamp"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted and target.exists():
        return target
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hilft.config.settings",
        "PYTHONPATH": str(SOURCE),
        "HILFT_STATIC": str(target),
    }
    done = subprocess.run(
        manage("collectstatic", "--noinput", "--clear", "-v", "0"),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"The static files could not be prepared: {done.stderr.strip().splitlines()[-1]}")
    stamp.write_text(wanted)
    return target


def build(folder: Path) -> Path:
    """Everything that is made before a start; returns where the static files are."""
    compile_languages()
    return collect_static(folder)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.glob("*/static/**/*")):
        if file.is_file():
            digest.update(f"{file.relative_to(PACKAGE)} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()
