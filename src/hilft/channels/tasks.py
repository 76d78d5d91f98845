"""Jobs of the channels."""

from procrastinate import RetryStrategy

from hilft.base.queue import job, periodic
from hilft.channels.contract import RetryLater
from hilft.channels.mailer import send
from hilft.channels.watch import check_accounts, watch


@job("channels.mail", retry=RetryStrategy(max_attempts=8, exponential_wait=2, retry_exceptions=[RetryLater]))
def mail(to: str, subject: str, text: str, key: str) -> None:
    """Sends one of hilft's own mails; tried again only when it certainly did not leave."""
    send(to=to, subject=subject, text=text, key=key)


@periodic("channels.watch", "* * * * *")
def watch_accounts(timestamp: int) -> None:
    """Every minute: who has fallen silent."""
    watch()


@periodic("channels.check", "*/10 * * * *")
def check(timestamp: int) -> None:
    """Every ten minutes: whose sign-in was not looked at for a while."""
    check_accounts()
