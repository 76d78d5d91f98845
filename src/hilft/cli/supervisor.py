"""Keeps an installation's processes running: starts, watches, restarts with back-off, ends them all."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.3, 30.0, 3.0
"""Seconds: the pause before the first restart, the longest one, and after how long a process counts as running well."""
GRACE, AGAIN = 12.0, 2.0
"""Seconds that processes have to end, and after which they are asked again, with those that they started: a web server
that is asked in its first second waits for its worker, which was not asked yet."""

LOG_LIMIT = 20 * 1024 * 1024


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: list[str]
    environment: dict[str, str]
    privileges: dict[str, Any] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    pause: float = FIRST_PAUSE
    next_start: float = 0.0
    last_exit: int | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """The parent of an installation's processes; nothing else is ever ended by it."""

    def __init__(self, status_file: Path, logs: Path, facts: dict[str, object]) -> None:
        self.children: list[Child] = []
        self.status_file, self.logs, self.facts = status_file, logs, facts
        self.stop = threading.Event()
        self._lock = threading.Lock()

    def start(self, child: Child) -> Child:
        """Starts a child and keeps it from now on."""
        with self._lock:
            self.children.append(child)
            self._spawn(child)
        self.write_status()
        return child

    def watch(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Restarts what ends, until told to stop."""
        while not self.stop.is_set() and not until():
            if self._look():
                self.write_status()
            self.stop.wait(0.1)

    def drop(self, prefix: str) -> None:
        """Ends the children whose names begin with `prefix`, for good."""
        leaving = [child for child in self.children if child.name.startswith(prefix)]
        self._end(leaving)
        for child in leaving:
            self.children.remove(child)
        if leaving:
            self.write_status()

    def end(self) -> None:
        """Ends every child: together, but for the one started first, the database that the others stand on."""
        self._end(self.children[1:])
        self._end(self.children[:1])
        self.children = []
        self.status_file.unlink(missing_ok=True)

    def write_status(self) -> None:
        """Says in the status file what runs."""
        me = psutil.Process()
        state = {
            **self.facts,
            "pid": me.pid,
            "started": me.create_time(),
            "children": [
                {
                    "name": child.name,
                    "pid": child.process.pid if child.process and child.running else None,
                    "created": _created(child.process.pid) if child.process and child.running else None,
                    "since": child.started,
                    "restarts": child.restarts,
                    "last_exit": child.last_exit,
                }
                for child in self.children
            ],
        }
        partial = self.status_file.with_suffix(".partial")
        with contextlib.suppress(OSError):
            partial.write_text(json.dumps(state))
            partial.replace(self.status_file)

    def _look(self) -> bool:
        changed = False
        at = time.monotonic()
        with self._lock:
            for child in self.children:
                if child.running:
                    if at - child.started > CALM:
                        child.pause = FIRST_PAUSE
                    continue
                if child.process is not None:
                    child.last_exit = child.process.returncode
                    end_group(child.process.pid)
                    child.process = None
                    child.next_start = at + child.pause
                    child.pause = min(child.pause * 2, LONGEST_PAUSE)
                    changed = True
                if at >= child.next_start:
                    child.restarts += 1
                    self._spawn(child)
                    changed = True
        return changed

    def _spawn(self, child: Child) -> None:
        file = self.logs / f"{child.name}.log"
        if file.exists() and file.stat().st_size > LOG_LIMIT:
            file.replace(file.with_suffix(".log.1"))
        environment = child.privileges.get("env", child.environment)
        rest = {name: value for name, value in child.privileges.items() if name != "env"}
        with file.open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment,
                process_group=0,
                **rest,
            )
        child.started = time.monotonic()

    def _end(self, children: list[Child]) -> None:
        leaving = [(child, child.process) for child in children if child.process and child.running]
        for child, process in leaving:
            process.send_signal(child.stop_signal)
        began = time.monotonic()
        for child, process in leaving:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(began + AGAIN - time.monotonic(), 0))
                continue
            signal_group(process.pid, child.stop_signal)
        for _child, process in leaving:
            try:
                process.wait(max(began + GRACE - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(GRACE)
            end_group(process.pid)


def end_group(group: int) -> None:
    """Ends what a process that we started left behind in its own group."""
    signal_group(group, signal.SIGKILL)


def signal_group(group: int, number: int) -> None:
    """Tells a process that we started and all that it started in its own group, if they are there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _created(pid: int) -> float | None:
    with contextlib.suppress(psutil.Error):
        return float(psutil.Process(pid).create_time())
    return None


def same_process(pid: object, created: object) -> psutil.Process | None:
    """The process that a status file speaks of, if it still runs and the number was not given to another."""
    if not isinstance(pid, int) or not isinstance(created, (int, float)):
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if abs(process.create_time() - created) < 1 and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def end_leftovers(status: dict[str, object]) -> int:
    """Ends children that a supervisor which died without a word left behind; returns how many.

    The first is the database: it would wait for the others to leave it.
    """
    children = status.get("children")
    entries = children if isinstance(children, list) else []
    left = [found for entry in entries if (found := same_process(entry.get("pid"), entry.get("created")))]
    for wave in (left[1:], left[:1]):
        for process in wave:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        psutil.wait_procs(wave, timeout=GRACE)
        for process in wave:
            end_group(process.pid)
    return len(left)
