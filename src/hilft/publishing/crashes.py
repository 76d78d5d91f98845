"""Named points where the crash tests end this process, or another one, as if its power had failed."""

import os
import signal
from pathlib import Path

FILE = os.environ.get("HILFT_CRASH_FILE", "")


def crash_point(name: str) -> None:
    """Does nothing, unless the crash tests asked for an end here: once, of this process or of the one they name."""
    if not FILE:
        return
    file = Path(FILE)
    first, *rest = file.read_text().splitlines() if file.exists() else [""]
    wished, _, process = first.partition(" ")
    if wished != name:
        return
    if rest:
        file.write_text("\n".join(rest))
    else:
        file.unlink()
    os.kill(int(process or os.getpid()), signal.SIGKILL)
