"""Jobs of training."""

from hilft.base.queue import periodic
from hilft.training.commands.reminding import remind


@periodic("training.remind", "20 6 * * *")
def reminders(timestamp: int) -> None:
    """Every morning: who is told that a certificate ends. The end itself needs no job, it is a date."""
    remind()
