"""The data sets that may be trained on: those whose licence permits shipping what was learned from them."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from hilft.cli.instance import Trouble

Questions = dict[str, list[str]]
RASA: Final = re.compile(r"\[([^\]\[]*)\](?:\{[^{}]*\}|\([^()]*\))")
"""Marked-up words in Rasa's files: `[Automobil]{"entity": "sector"}` reads as Automobil."""
OUT_OF_SCOPE: Final = "oos"


class Set(NamedTuple):
    """One data set: its questions with wordings, and texts that ask none of them."""

    name: str
    language: str
    licence: str
    questions: Questions
    stray: list[str]


def read(file: Path) -> tuple[Questions, list[str]]:
    """Questions with wordings, and texts that ask none of them, from any of the formats that are known."""
    try:
        if file.suffix == ".csv":
            return _grouped(_banking(file)), []
        if file.suffix == ".tsv":
            return _grouped(_massive(file)), []
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError) as error:
        raise Trouble(f"{file} cannot be read: {error}") from error
    if isinstance(found, dict) and "train" in found and isinstance(found["train"][0], list):
        return _clinc(found)
    if not isinstance(found, dict) or not all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in found.values()
    ):
        raise Trouble(f'{file} must hold one object of the form {{"question": ["wording", …]}}.')
    return {name: [RASA.sub(r"\1", text) for text in texts] for name, texts in found.items()}, []


def permitted(folder: Path) -> list[Set]:
    """Every set that what ships may be learned from; folder is the one with all of them."""
    if not folder.is_dir():
        raise Trouble(f"There is no folder {folder}; name the one with the data sets by --data.")
    sets = []
    for name, language, licence, files in SETS:
        merged: Questions = {}
        stray: list[str] = []
        for file in files:
            questions, others = read(folder / file)
            stray += others
            for question, texts in questions.items():
                merged.setdefault(question, []).extend(texts)
        unique = {question: list(dict.fromkeys(texts)) for question, texts in sorted(merged.items())}
        sets.append(Set(name, language, licence, unique, stray))
    return sets


SETS: Final = (
    ("roboai_faq/de", "de", "MIT", ("roboai_faq/de.json",)),
    ("roboai_faq/en", "en", "MIT", ("roboai_faq/en.json",)),
    ("massive_de", "de", "CC BY 4.0", ("massive_de/train.tsv", "massive_de/dev.tsv")),
    ("banking77", "en", "CC BY 4.0", ("banking77/train.csv",)),
    ("clinc150", "en", "CC BY 3.0", ("clinc150/dev.json",)),
)


def fingerprints(questions: Questions) -> set[str]:
    """What the manifest keeps of questions: hashes of their names and of their first wordings."""
    return {hashed(name) for name in questions} | {hashed(texts[0]) for texts in questions.values() if texts}


def hashed(text: str) -> str:
    """A short hash of a name or a wording, whatever its case."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:12]


def _banking(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["category"], row["text"]


def _massive(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        text, tab, kind = line.partition("\t")
        if tab:
            yield f"massive {kind.split('\t')[0]}", text


def _clinc(found: dict[str, list[list[str]]]) -> tuple[Questions, list[str]]:
    rows = [(kind, text) for part in ("train", "val", "test") for text, kind in found.get(part, [])]
    stray = [text for part in ("oos_val", "oos_train", "oos_test") for text, _kind in found.get(part, [])]
    stray += [text for kind, text in rows if kind == OUT_OF_SCOPE]
    return _grouped((kind, text) for kind, text in rows if kind != OUT_OF_SCOPE), stray


def _grouped(rows: Iterator[tuple[str, str]]) -> Questions:
    grouped: Questions = {}
    for question, text in rows:
        grouped.setdefault(question, []).append(text)
    return grouped
