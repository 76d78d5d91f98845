"""Jobs of quality."""

from hilft.base.queue import periodic
from hilft.quality.commands.drawing import draw


@periodic("quality.draw", "25 * * * *")
def drawing(timestamp: int) -> None:
    """Every hour: what the plans draw of what was published; run again, it draws nothing twice."""
    draw()
