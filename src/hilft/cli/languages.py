"""Checks that everything people read is translated: `python -m hilft.cli.languages [--list]`."""

import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from hilft.cli.instance import SOURCE

PACKAGE = SOURCE / "hilft"
CATALOGUE = PACKAGE / "base" / "locale" / "de" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
QUOTED = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({QUOTED}(?:\s*,\s*{QUOTED})*)")
"""A call as Django's own template reader writes it for the extraction of messages."""
LITERAL = re.compile(QUOTED)
FILTERED = re.compile(r'\b_\("([^"]+)"\)')
"""A translated argument of a tag or filter: {% chip _("private") %}."""
Message = tuple[str | None, str]


def used() -> dict[Message, str]:
    """Every message in templates and code, by (context, text), with where it stands."""
    found: dict[Message, str] = {}
    for file in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]):
        if (
            "migrations" in file.parts
            or "styleguide" in file.name
            or "styleguide" in file.parts
            or "practice" in file.parts
        ):
            continue
        for context, text in _messages(file):
            found.setdefault((context, text), str(file.relative_to(PACKAGE)))
    for file in sorted(PACKAGE.glob("channels/*/ledger.toml")):
        for text in _facts(file):
            found.setdefault((None, text), str(file.relative_to(PACKAGE)))
    return found


def _facts(file: Path) -> Iterator[str]:
    """What people read of a network's ledger: sentences, units, and sources that are no address."""
    for fact in tomllib.loads(file.read_text(encoding="utf-8")).values():
        yield fact["say"]
        if fact.get("unit", "seconds") != "seconds":
            yield fact["unit"]
        if not fact["source"].startswith("https://"):
            yield fact["source"]


def _messages(file: Path) -> Iterator[Message]:
    source = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        stream = io.BytesIO(source.encode())
        for _line, messages, _comments, context in extract("python", stream, keywords=KEYWORDS):
            texts = messages if isinstance(messages, tuple) else (messages,)
            yield (context, texts[0] if context is None else texts[-1])
        return
    for name, arguments in CALL.findall(templatize(source)):
        said: list[str] = [ast.literal_eval(text) for text in LITERAL.findall(arguments)]
        if said:
            yield (said[0], said[1]) if name.endswith("pgettext") else (None, said[0])
    yield from ((None, text) for text in FILTERED.findall(source))


def translated() -> set[Message]:
    """What the German catalogue translates, without entries marked fuzzy."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    known: set[Message] = set()
    for entry in catalogue:
        text = entry.id if isinstance(entry.id, str) else entry.id[0]
        said = entry.string if isinstance(entry.string, str) else (entry.string or [""])[0]
        if text and said and not entry.fuzzy:
            known.add((entry.context, text))
    return known


def missing() -> dict[Message, str]:
    """What has no German wording yet."""
    known = translated()
    return {message: where for message, where in used().items() if message not in known}


def main() -> int:
    """Prints what is missing; 1 when something is."""
    gaps = missing()
    for (context, text), where in gaps.items():
        sys.stdout.write(f"{where}: {ast.literal_eval(repr(text))!r}{f' ({context})' if context else ''}\n")
    if gaps:
        sys.stdout.write(f"{len(gaps)} texts have no German wording in {CATALOGUE.relative_to(SOURCE)}\n")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
