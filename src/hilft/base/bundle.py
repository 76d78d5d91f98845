"""Joins the style sheets into one file per surface; `python -m hilft.base.bundle` writes what the pages load."""

import re
from pathlib import Path

HOME = Path(__file__).parent / "static" / "hilft"
LAYERS = "@layer reset, tokens, base, layout, components, utilities;"

GROUND = ["reset", "tokens", "base", "utilities"]
SHARED = [
    "components/alert",
    "components/avatar",
    "components/button",
    "components/card",
    "components/chip",
    "components/empty",
    "components/field",
    "components/icon",
    "components/key",
    "components/menu",
    "components/pager",
    "components/prose",
    "components/toast",
    "components/topbar",
]
SHEETS = {
    "portal": [*GROUND, "layouts/portal", *SHARED, "components/diff", "components/navigation", "components/question"],
    "desk": [
        *GROUND,
        "layouts/desk",
        "layouts/plain",
        "layouts/portal",
        *SHARED,
        "components/completions",
        "components/composer",
        "components/counter",
        "components/dialog",
        "components/diff",
        "components/diploma",
        "components/fact",
        "components/filters",
        "components/mapping",
        "components/message",
        "components/navigation",
        "components/palette",
        "components/pill",
        "components/plot",
        "components/progress",
        "components/question",
        "components/record",
        "components/review",
        "components/row",
        "components/suggestion",
        "components/table",
        "components/tabs",
        "components/tile",
        "components/timeline",
    ],
}


def squeeze(css: str) -> str:
    """Drops comments and needless space; strings in our sheets hold neither comments nor runs of spaces."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    return css.replace(": ", ":").replace(";}", "}").strip()


def joined(sheet: str) -> str:
    """The whole text of one sheet: the order of layers, then each listed file."""
    parts = [squeeze((HOME / "css" / f"{name}.css").read_text(encoding="utf-8")) for name in SHEETS[sheet]]
    return "\n".join([LAYERS, *parts, ""])


def path(sheet: str) -> Path:
    """Where the joined sheet is kept, in the repository as well."""
    return HOME / "dist" / f"{sheet}.css"


def write() -> None:
    """Writes every sheet."""
    for sheet in SHEETS:
        path(sheet).parent.mkdir(exist_ok=True)
        path(sheet).write_text(joined(sheet), encoding="utf-8")


if __name__ == "__main__":
    write()
