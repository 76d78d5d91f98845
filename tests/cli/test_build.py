"""What is made before a start, by several starts at once."""

import subprocess
import sys
from pathlib import Path

from hilft.cli.instance import SOURCE

COMPILE = """
from pathlib import Path
from hilft.cli import build
build.PACKAGE = Path({folder!r})
build.compile_languages()
"""
ENTRIES = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + "".join(
    f'msgid "One {number}"\nmsgstr "Eins {number}"\n\n' for number in range(5000)
)


def test_several_starts_at_once_compile_the_languages_and_leave_nothing_behind(tmp_path: Path):
    folder = tmp_path / "base" / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(ENTRIES)
    command = [sys.executable, "-c", COMPILE.format(folder=str(tmp_path))]
    starts = [subprocess.Popen(command, env={"PYTHONPATH": str(SOURCE)}) for _start in range(4)]
    assert [start.wait(60) for start in starts] == [0, 0, 0, 0]
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]
