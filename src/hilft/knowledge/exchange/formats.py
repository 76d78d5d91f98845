"""The formats that are read, by the name people choose."""

from collections.abc import Mapping
from typing import Final

from hilft.knowledge.exchange import csv_file, discourse, json_file, khoros, zendesk
from hilft.knowledge.exchange.entries import Reader

FORMATS: Final[Mapping[str, tuple[str, Reader]]] = {
    "csv": ("CSV", csv_file.read),
    "json": ("JSON, NDJSON", json_file.read),
    "discourse": ("Discourse", discourse.read),
    "zendesk": ("Zendesk Guide", zendesk.read),
    "khoros": ("Khoros", khoros.read),
}
