"""The published figures of what ships, for installations that have none of their own yet; see docs/benchmarks.md."""

from typing import Final, NamedTuple


class Published(NamedTuple):
    """One row of the benchmark in percent: first right, right questions told from unknown ones, answered at 95 %."""

    data: str
    first_right: int
    separation: int
    coverage: int


PUBLISHED: Final = (
    Published("roboai_faq, Deutsch", 82, 85, 42),
    Published("roboai_faq, English", 86, 86, 65),
    Published("banking77", 73, 71, 7),
    Published("clinc150", 78, 94, 45),
)
"""Three wordings a question, cross-validated by question."""
