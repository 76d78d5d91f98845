"""Jobs of the example workspace."""

from procrastinate import RetryStrategy

from hilft.base.queue import job
from hilft.channels.contract import ChannelError
from hilft.example.accounts import introduce


@job("example.introduce", retry=RetryStrategy(max_attempts=20, linear_wait=1, retry_exceptions=[ChannelError]))
def introduce_accounts(hooks: str, earlier: str) -> None:
    """Registers our webhooks at the practice networks, as soon as they and our own process have started."""
    introduce(hooks=hooks, earlier=earlier)
