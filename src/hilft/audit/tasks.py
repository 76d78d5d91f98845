"""Jobs of the record: sealing it, keeping its head outside, and verifying it every night."""

import logging

from django.conf import settings

from hilft.audit.commands import note_verified
from hilft.audit.sealing import seal_all
from hilft.audit.verifying import verify
from hilft.audit.witnesses import present, witness
from hilft.base.queue import enqueue, periodic

logger = logging.getLogger(__name__)


@periodic("audit.seal", "* * * * * */10", queueing_lock="audit.seal")
def seal_new(timestamp: int) -> None:
    """Every ten seconds: what was committed gets its place, and the head goes into the file outside."""
    seal_all()
    witness()


@periodic("audit.seal_everything", "7 * * * *")
def seal_everything(timestamp: int) -> None:
    """Every hour, whatever was overlooked."""
    seal_all(everything=True)


@periodic("audit.verify", "23 2 * * *")
def verify_all(timestamp: int) -> None:
    """Every night; the result stands in the record, in the log, and in a mail to whoever is named for it."""
    report = verify()
    note_verified(by=None, report=report)
    seal_all()
    witness()
    for finding in report.findings:
        logger.error("The record is damaged: %s, entry %s. %s", finding.kind, finding.entry, finding.says)
    if settings.HILFT.audit_witness and (seen := present()):
        said = f"{'intact' if report.ok else 'DAMAGED'}: {report.places} places\n\n{seen.line()}"
        enqueue(
            "channels.mail",
            to=settings.HILFT.audit_witness,
            subject=f"{settings.HILFT.brand}: the record of {seen.at:%Y-%m-%d}",
            text=f"The record is {said}\nKeep this mail: ./hilft audit verify must agree with its last line.\n",
            key=seen.digest,
        )
