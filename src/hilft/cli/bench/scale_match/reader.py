"""The other reader, in a process of its own that can be killed: `python -m hilft.cli.bench.scale_match.reader`."""

import os
from typing import Final

NEWER: Final = "newer"
NICER: Final = 10
"""As the process that reads for meaning is."""


def main() -> None:
    """Reads everything with another encoder, a stand-in that costs nothing, until it has taken over."""
    import django

    os.nice(NICER)
    django.setup()
    from hilft.cli.bench.scale_match.meaning import Made
    from hilft.knowledge.matching import Matcher
    from hilft.knowledge.rereading import advance
    from hilft.knowledge.trained import shipped

    matcher = Matcher(Made(NEWER), shipped())
    while advance(using=matcher):
        pass


if __name__ == "__main__":
    main()
