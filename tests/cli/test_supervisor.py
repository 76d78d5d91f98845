"""The supervisor on processes of the test's own."""

import time
from pathlib import Path

from hilft.cli.supervisor import GRACE, Child, Supervisor

WAITING = 'trap "touch asked; wait" TERM; sleep 60 & touch begun; wait'
"""Like a web server in its first second: told to end, it waits for its worker, which nobody told."""


def test_one_that_waits_for_what_it_started_is_ended_with_it(tmp_path: Path):
    supervisor = Supervisor(tmp_path / "status.json", tmp_path, {})
    child = supervisor.start(Child("web", ["sh", "-c", f"cd {tmp_path}; {WAITING}"], {"PATH": "/usr/bin:/bin"}))
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    began = time.monotonic()
    supervisor.end()
    assert time.monotonic() - began < GRACE / 2
    assert child.process is not None
    assert child.process.returncode >= 0
    assert (tmp_path / "asked").exists()
