"""What hilft asks of a system of customers, whatever it is, and what may go wrong."""

from typing import Any, Final, Protocol

from django.utils.translation import gettext_lazy as _

from hilft.customers.enums import By
from hilft.customers.mapping import Record

WORDS: Final = {
    "none": _("No customer system is connected."),
    "off": _("The customer system is switched off here."),
    "secret": _("Its key cannot be read with this installation's secret: enter it again."),
    "address": _("Its address is not one: %(detail)s"),
    "unreachable": _("It cannot be reached: %(detail)s"),
    "slow": _("It did not answer in full within %(detail)s seconds."),
    "busy": _("It is being asked by others right now."),
    "unauthorised": _("It does not accept our key (%(detail)s)."),
    "redirect": _("It leads elsewhere (%(detail)s); hilft follows no redirects, lest the key goes astray."),
    "status": _("It answers with an error (%(detail)s)."),
    "gone": _("It knows no such customer."),
    "many": _("It knows several customers by this number."),
    "json": _("Its answer is not JSON."),
    "big": _("Its answer is larger than %(detail)s kB."),
    "shape": _("Its answer has nothing usable at %(detail)s."),
    "way": _("It is not set up to be searched by this."),
}
"""Each kind of trouble as a sentence; said when it is shown, in the language of whoever looks."""


class Trouble(Exception):
    """No record, for a reason that people understand."""

    def __init__(self, kind: str, detail: object = "") -> None:
        super().__init__(kind, detail)
        self.kind, self.detail = kind, str(detail)

    def __str__(self) -> str:
        return str(WORDS[self.kind]) % {"detail": self.detail}

    def __reduce__(self) -> tuple[Any, ...]:
        return Trouble, (self.kind, self.detail)


class Connector(Protocol):
    """A way to a system of customers. Both calls raise Trouble."""

    def find(self, by: By, value: str) -> list[Record]:
        """Everybody it knows by a customer number, an e-mail address or a phone number."""
        ...

    def read(self, key: str) -> Record:
        """One customer by the system's own key."""
        ...
