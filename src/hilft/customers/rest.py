"""The connector for any system that answers a GET with JSON."""

from typing import Any
from urllib.parse import quote

from hilft.channels.secrets import SecretsUnreadable, unseal
from hilft.customers.connector import Trouble
from hilft.customers.enums import By
from hilft.customers.fetching import get
from hilft.customers.mapping import Misfit, Record, at, record_from
from hilft.customers.models import System

MOST = 20
"""Records that a search shows; whoever finds more searches more narrowly."""


class Rest:
    """A system by its settings: `find` reads a list of records, `read` a single one. Both raise Trouble."""

    def __init__(self, system: System) -> None:
        self.system, self.mapping = system, system.mapping

    def find(self, by: By, value: str) -> list[Record]:
        """Everybody it knows by this; where it has no search by number, the number is its own key."""
        paths = {By.NUMBER: self.system.number_path, By.MAIL: self.system.mail_path, By.PHONE: self.system.phone_path}
        if not paths[by]:
            if by == By.NUMBER:
                return [self.read(value)]
            raise Trouble("way")
        try:
            found = self._get(paths[by], value)
        except Trouble as trouble:
            if trouble.kind == "gone":
                return []
            raise
        rows = self._at(found, self.mapping.list_pointer)
        if not isinstance(rows, list):
            raise Trouble("shape", self.mapping.list_pointer or "/")
        return [self._record(row) for row in rows[:MOST]]

    def read(self, key: str) -> Record:
        """One customer by the system's own key."""
        return self._record(self._get(self.system.read_path, key))

    def _get(self, path: str, value: str) -> Any:
        if value.strip(".") == "":
            raise Trouble("gone")
        url = self.system.base_url.rstrip("/") + path.replace("{value}", quote(value, safe=""))
        limits = {"seconds": self.system.seconds, "kilobytes": self.system.kilobytes}
        return get(url, self._headers(), **limits)

    def _headers(self) -> dict[str, str]:
        try:
            secret = unseal(bytes(self.system.secret)).get("header", "")
        except SecretsUnreadable as error:
            raise Trouble("secret") from error
        return {self.system.header: secret} if self.system.header and secret else {}

    def _record(self, document: Any) -> Record:
        try:
            return record_from(document, self.mapping)
        except Misfit as misfit:
            raise Trouble("shape", str(misfit) or "/") from misfit

    def _at(self, document: Any, pointer: str) -> Any:
        try:
            return at(document, pointer)
        except Misfit as misfit:
            raise Trouble("shape", pointer) from misfit
