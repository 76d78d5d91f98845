"""`./hilft train`: learns the parts that matching ships with, from data whose licence permits it."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hilft.cli.train.sets import Set, fingerprints, permitted
from hilft.cli.train.vectors import Remembering
from hilft.knowledge.trained import MANIFEST, SHIPPED, packed

WHERE = Path("../shared/data")

Tell = Callable[[str], None]


def run(folder: Path | None, *, tell: Tell) -> None:
    """Writes the weights and the manifest that names where they come from."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from hilft.cli.train.learning import learn
    from hilft.reading.embedding import encoder

    sets = permitted(folder or WHERE)
    for one in sets:
        texts = sum(map(len, one.questions.values()))
        tell(f"{one.name}: {len(one.questions)} questions, {texts} wordings, {len(one.stray)} others ({one.licence})")
    remembering = Remembering(encoder())
    data = packed(learn(sets, remembering, name="", tell=tell))
    name = hashlib.sha256(data).hexdigest()[:12]
    SHIPPED.parent.mkdir(exist_ok=True)
    SHIPPED.write_bytes(data)
    written = manifest(sets, name=name, encoder=remembering.name)
    MANIFEST.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    tell(f"{SHIPPED.name}: {len(data) // 1024} KB, {name}")


def manifest(sets: list[Set], *, name: str, encoder: str) -> dict[str, Any]:
    """Where weights come from, without a word of the data itself: questions are named by hashes."""
    return {
        "name": name,
        "date": datetime.now(UTC).date().isoformat(),
        "encoder": encoder,
        "sets": [
            {
                "name": one.name,
                "language": one.language,
                "licence": one.licence,
                "questions": len(one.questions),
                "wordings": sum(map(len, one.questions.values())),
                "others": len(one.stray),
                "sha256": hashlib.sha256(json.dumps([one.questions, one.stray]).encode()).hexdigest(),
            }
            for one in sets
        ],
        "questions": sorted(set().union(*(fingerprints(one.questions) for one in sets))),
    }
