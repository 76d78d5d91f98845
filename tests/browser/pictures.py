"""Takes the pictures of docs/pictures from a running example: `python -m tests.browser.pictures DATA PORT [NAME …]`."""

import base64
import json
import os
import shutil
import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.acting import publish_correction, recognised
from tests.browser.conftest import FLAGS
from tests.browser.large_text import text_of
from tests.browser.pictured import ANSWERED
from tests.browser.scene import play
from tests.installation import Installation, answers, until

HOME = Path(__file__).parents[2] / "docs" / "pictures"
LOST = "mein Handy ist weg, wohl in der Bahn geklaut. Wie sperre ich jetzt die SIM-Karte?"
ASKED = "Das WLAN ist langsam, aber am Kabel ist alles gut. Was hilft?"
READ = """async (source) => {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  const pencil = canvas.getContext("2d");
  pencil.drawImage(picture, 0, 0);
  const bytes = pencil.getImageData(0, 0, picture.width, picture.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}"""


def _nothing(page: Page) -> None:
    """Takes the page as it is."""


def _written(page: Page) -> None:
    """Inserts the answer that fits and adds a sentence."""
    page.locator("#log").click()
    page.keyboard.press("1")
    text = page.locator("#reply-text")
    expect(text).not_to_have_value("")
    text.press("Control+End")
    text.press_sequentially(" Viel Erfolg!")
    page.wait_for_timeout(1500)


def _tried(page: Page) -> None:
    """Tries a new rule on the last 30 days."""
    page.locator("#id_label").fill("In der Community liest immer jemand mit")
    page.locator("select[name$=fact]").first.select_option("channel")
    page.locator("select[name$=how]").first.select_option("is")
    page.locator("input[name$=value]").first.fill("Community")
    page.locator("button[name=preview]").click()
    expect(page.locator("[role=status].alert")).to_be_visible()


@dataclass(frozen=True)
class Picture:
    """What is shown to whom, and in which window."""

    name: str
    role: str
    address: str
    act: Callable[[Page], None] = _nothing
    scheme: str = "light"
    width: int = 1440
    height: int = 900
    percent: int = 100


PICTURES = [
    Picture("desk-light", "agent", "/desk/anliegen/{asked}/", _written),
    Picture("desk-dark", "agent", "/desk/anliegen/{asked}/", scheme="dark"),
    Picture("desk-phone", "agent", "/desk/anliegen/{asked}/", width=320, height=700),
    Picture("desk-large-text", "agent", "/desk/anliegen/{asked}/", width=1280, percent=200),
    Picture("approval-light", "approver", "/desk/freigaben/{approval}/"),
    Picture("correction-light", "approver", "/desk/korrekturen/{correction}/"),
    Picture("ledger-light", "approver", "/desk/platzierungen/"),
    Picture("editor-light", "editor", "/desk/fragen/{question}/fassung/"),
    Picture("rules-light", "lead", "/desk/regeln/neu/", _tried),
    Picture("training-light", "agent", "/desk/schulung/"),
    Picture("certificate-light", "agent", "/desk/schulung/zertifikat/{certificate}/"),
    Picture("contact-light", "agent", "/desk/kontakte/{contact}/"),
    Picture("quality-light", "trainer", "/desk/qualitaet/bewertungen/{sample}/"),
    Picture("people-light", "lead", "/desk/personen/", height=1240),
    Picture("portal-light", "", "/f/{answered}/"),
    Picture("portal-dark", "", "/f/{answered}/", scheme="dark"),
]


def main(data: str, port: str, *names: str) -> None:
    """Sets the scene, unless it stands already, and takes every picture, or those that are named."""
    installation = Installation(Path(data), int(port), {})
    with sync_playwright() as playwright:
        path = os.environ.get("HILFT_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        kept = Path(data) / "pictures.json"
        if not kept.exists():
            kept.write_text(json.dumps(scene(browser, installation)))
        ids = json.loads(kept.read_text())
        for picture in PICTURES:
            if not names or picture.name in names:
                size = taken(browser, installation, picture, ids)
                sys.stdout.write(f"{picture.name} {size // 1000} kB\n")
        browser.close()


def scene(browser: Browser, installation: Installation) -> dict[str, Any]:
    """Customers ask on three networks; what else is to be seen; and a new version of the answer they got."""
    until(lambda: answers(installation.mastodon), "the practice network")
    until(installation.introduced, "the webhooks of X, Facebook and Instagram")
    installation.tweet("priya_in_kiel", f"@nordnetz {LOST}")
    installation.comment("marek_z", f"Hallo, {LOST}")
    installation.post("renate_voss", f"@nordnetz {LOST}")
    installation.post("lan_nguyen", f"@nordnetz {ASKED}")
    recognised(installation, ANSWERED, "Priya Raman", "Marek Zieliński", "Renate Voß")
    recognised(installation, "wlan-langsam", "Lan Nguyễn")
    ids = play(installation, "pictured")
    page = browser.new_page(locale="en-GB", base_url=installation.address)
    page.goto(installation.link("editor"))
    title = installation.query("SELECT title, id FROM knowledge_question WHERE slug = %s", ANSWERED)[0][0]
    publish_correction(page, title, {"0800 000 1160": "0800 000 1170"}, replies="Correct all")
    page.context.close()
    newest = "SELECT max(id) FROM publishing_correction"
    asked = "SELECT max(c.id) FROM inbox_conversation c JOIN people_handle h ON h.id = c.handle_id WHERE h.name = %s"
    return ids | {
        "answered": ANSWERED,
        "correction": installation.query(newest)[0][0],
        "asked": installation.query(asked, "Lan Nguyễn")[0][0],
        "question": installation.query("SELECT id FROM knowledge_question WHERE slug = 'wlan-langsam'")[0][0],
    }


def taken(browser: Browser, installation: Installation, picture: Picture, ids: Mapping[str, Any]) -> int:
    """Takes one picture, in German, and keeps it in 256 colours; its size in bytes."""
    context = browser.new_context(
        locale="de-DE",
        base_url=installation.address,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.role:
        page.goto(installation.link(picture.role))
    page.goto(picture.address.format(**ids))
    with text_of(page, picture.percent):
        picture.act(page)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(1000)
        shot = page.screenshot()
    blank = context.new_page()
    raw = blank.evaluate(READ, f"data:image/png;base64,{base64.b64encode(shot).decode()}")
    context.close()
    pixels = np.frombuffer(base64.b64decode(raw), np.uint8).reshape(-1, picture.width, 4)[:, :, :3]
    return (HOME / f"{picture.name}.png").write_bytes(indexed(pixels))


def indexed(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """A PNG with a palette: the most frequent of the colours that differ, each pixel the nearest of them."""
    height, width, _depth = pixels.shape
    colours, where, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    colours = colours.astype(int)
    chosen: list[int] = []
    for apart in (24, 12, 6, 0):
        for one in np.argsort(-counts):
            if len(chosen) < 256 and all(np.abs(colours[one] - colours[other]).max() > apart for other in chosen):
                chosen.append(int(one))
    palette = colours[chosen]
    nearest = np.array([np.abs(palette - colour).sum(axis=1).argmin() for colour in colours], np.uint8)
    rows = nearest[where.reshape(height, width)]
    lines = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", head), (b"PLTE", palette.astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(lines.tobytes(), 9))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*part) for part in (*parts, (b"IEND", b"")))


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


if __name__ == "__main__":
    main(*sys.argv[1:])
