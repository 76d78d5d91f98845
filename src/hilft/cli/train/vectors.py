"""An encoder that remembers what it encoded, in a folder outside the repository: encoding is what takes time."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hilft.reading.embedding import Encoder, Vectors, tidy

PORTION = 256


def cache_folder() -> Path:
    """Where vectors are remembered."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hilft" / "vectors"


class Remembering:
    """The same vectors as the encoder behind it, from a file where they were encoded before."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        self.encoder, self.name, self.dimensions = encoder, encoder.name, encoder.dimensions
        self._file = (folder or cache_folder()) / f"{encoder.name}.npz"
        self._known: dict[bytes, Vectors] = {}
        if self._file.exists():
            with np.load(self._file, allow_pickle=False) as kept:
                self._known = dict(zip((bytes(key) for key in kept["keys"]), kept["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        keys = [key_of(text) for text in texts]
        new = list({key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}.items())
        for start in range(0, len(new), PORTION):
            part = new[start : start + PORTION]
            vectors = self.encoder.encode([text for _key, text in part]).astype(np.float16)
            self._known |= dict(zip((key for key, _text in part), vectors, strict=True))
        if len(new) >= PORTION:
            self.save()
        if not keys:
            return np.zeros((0, self.dimensions), np.float32)
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def save(self) -> None:
        """Writes what is remembered."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        keys = np.frombuffer(b"".join(self._known), np.uint8).reshape(-1, 16)
        beside = self._file.with_suffix(".new.npz")
        np.savez(beside, keys=keys, vectors=np.stack(list(self._known.values())))
        beside.replace(self._file)


def key_of(text: str) -> bytes:
    """A text's name in the file."""
    return hashlib.sha256(tidy(text).encode("utf-8", "replace")).digest()[:16]
