"""axe finds nothing on any page, and nothing is out of reach: light, dark, both languages, phone, large text, keys."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.acting import staged
from tests.browser.conftest import People
from tests.browser.large_text import lost
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

STAFF = {
    "operator": [
        "/desk/konten/",
        "/desk/konten/{account}/probe/",
        "/desk/konten/{account}/einstellungen/",
        "/desk/team/",
        "/desk/team/neu/",
        "/desk/beschaeftigte/",
        "/desk/schulung/faehigkeiten/",
        "/desk/rechte/",
        "/desk/anforderungen/",
        "/desk/einstellungen/",
        "/desk/netze/",
        "/desk/netze/x/",
        "/desk/kosten/",
        "/desk/schluessel/",
        "/desk/kundensystem/",
        "/desk/kundensystem/probe/",
        "/desk/protokoll/",
        "/desk/konten/{account}/",
    ],
    "trainer": [
        "/desk/kontakte/",
        "/desk/kontakte/{contact}/",
        "/desk/schulung/",
        "/desk/schulung/modul/recht/",
        "/desk/schulung/modul/schreiben/uebung/",
        "/desk/schulung/lektion/{lesson}/",
        "/desk/schulung/pruefung/{exam}/",
        "/desk/schulung/zertifikat/{certificate}/",
        "/desk/schulung/pruefen/",
        "/desk/schulung/pruefen/{practice}/",
        "/desk/schulung/personen/",
        "/desk/schulung/rollen/",
        "/desk/schulung/rollen/agent/",
        "/desk/schulung/rollen/agent/aenderung/",
        "/desk/schulung/module/",
        "/desk/schulung/module/{module}/",
        "/desk/schulung/module/{module}/lektion/{lesson}/",
        "/desk/schulung/module/{module}/frage/{asked}/",
        "/desk/schulung/module/{module}/uebung/",
    ],
    "agent": ["/desk/schulung/pruefung/{ended}/"],
    "editor": [
        "/desk/fragen/",
        "/desk/fragen/{question}/",
        "/desk/fragen/{question}/fassung/",
        "/desk/fragen/neu/",
        "/desk/fragen/austausch/",
        "/desk/fragen/selbsthilfe/",
        "/desk/fragen/{question}/zusammenfuehrung/",
        "/desk/fragen/{question}/zusammenfuehrung/?into={other}",
        "/desk/fragen/{question}/teilung/",
        "/desk/anliegen/{linked}/",
        "/desk/anliegen/{linked}/dublette/",
        "/desk/anliegen/{conversation}/dublette/?q=wlan",
        "/desk/gruppen/",
        "/desk/gruppen/{group}/",
        "/desk/fragen/{question}/pflege/",
        "/desk/vorschlaege/{offer}/",
        "/desk/ursachen/",
        "/desk/ursachen/neu/",
        "/desk/ursachen/{cause}/?q=wlan",
        "/desk/anliegen/{conversation}/verbesserung/{question}/",
        "/desk/arbeitsliste/",
        "/desk/arbeitsliste/?kind=proposed",
        "/desk/arbeitsliste/?kind=due",
        "/desk/arbeitsliste/?kind=contradiction",
        "/desk/arbeitsliste/?kind=two",
        "/desk/treffer/",
    ],
    "lead": [
        "/desk/regeln/neu/",
        "/desk/anliegen/{handed}/",
        "/desk/anliegen/{handed}/uebergabe/",
        "/desk/uebergaben/",
        "/desk/fristen/",
        "/desk/einstellungen/fristen/",
        "/desk/einstellungen/fristen/zeiten/neu/",
        "/desk/einstellungen/abteilungen/",
        "/desk/einstellungen/fachleute/neu/",
        "/desk/personen/",
        "/desk/personen/{person}/",
        "/desk/einstellungen/abteilungen/{department}/",
        "/desk/einstellungen/abteilungen/{department}/stufen/1/",
        "/desk/qualitaet/plaene/",
        "/desk/qualitaet/plaene/{plan}/",
        "/desk/qualitaet/boegen/antwort/",
        "/desk/coaching/coaches/",
    ],
    "approver": [
        "/desk/anliegen/",
        "/desk/erwaehnungen/",
        "/desk/kontakte/{contact}/kundennummer/",
        "/desk/anliegen/{conversation}/kundennummern/{number}/",
        "/desk/schlagworte/",
        "/desk/eingangsregeln/",
        "/desk/makros/",
        "/desk/ansichten/",
        "/desk/makros/neu/",
        "/desk/anliegen/{conversation}/makro/",
        "/desk/anliegen/?view=followups",
        "/desk/anliegen/?view=spam",
        "/desk/anliegen/{conversation}/zusammenfuehrung/",
        "/desk/anliegen/{conversation}/zusammenfuehrung/?other={waiting}",
        "/desk/anliegen/{conversation}/teilung/",
        "/desk/sammelantworten/",
        "/desk/ursachen/{cause}/mitteilung/",
        "/desk/fragen/{question}/wartende/",
        "/desk/anliegen/{conversation}/",
        "/desk/anliegen/{waiting}/",
        "/desk/anliegen/{call}/",
        "/desk/anliegen/{conversation}/neue-antwort/",
        "/desk/telefonnotizen/neu/",
        "/desk/freigaben/",
        "/desk/freigaben/{approval}/",
        "/desk/regeln/",
        "/desk/nachweis/",
        "/desk/notfaelle/",
        "/desk/einstellungen/zuteilung/",
        "/desk/klaeren/",
        "/desk/platzierungen/",
        "/desk/platzierungen/{placement}/",
        "/desk/korrekturen/",
        "/desk/korrekturen/{correction}/",
        "/desk/qualitaet/",
        "/desk/qualitaet/bewertungen/{sample}/",
        "/desk/qualitaet/zahlen/",
        "/desk/qualitaet/ergebnisse/",
        "/desk/qualitaet/ergebnisse/{result}/",
        "/desk/coaching/",
        "/desk/coaching/personen/{coached}/",
        "/konto/2fa/",
    ],
}
NOT_THERE = "/nicht-da/"
FLEETING = "/desk/gruppen/"
"""The scene's group of new questions is none by its words: at the next quarter of an hour the worker lets go of it."""
PUBLIC = [
    "/",
    "/f/wlan-langsam/",
    "/f/wlan-langsam/fassungen/",
    "/suche/?q=wlan",
    "/fragen/neu/",
    "/fragen/{thread}/",
    "/fragen/{stub}/",
    "/fragen/{thread}/folgen/",
    "/f/wlan-langsam/folgen/",
    "/fragen/widerspruch/{contest}/",
    "/fragen/erledigt/{receipt}/",
    "/fragen/abmeldung/{unfollow}/",
    "/uebergabe/{turn}/",
    "/en/",
    "/en/f/wlan-langsam/",
    "/en/suche/?q=wlan",
    "/en/fragen/neu/",
    "/konto/login/",
    NOT_THERE,
]
type Way = tuple[str, str, int]
SCHEMES = ("light", "dark")
TOLD = {"resultTypes": ["violations"]}
"""axe looks for all the same; it only describes in full what is wrong, and not each thing that is right."""


def ways_of(number: int) -> list[Way]:
    """How a page is looked at: German, whose words are long, on a phone; English on a desktop in the other scheme.

    Schemes take turns by the page's number, so that both meet both widths.
    """
    return [("de-DE", SCHEMES[number % 2], 320), ("en-GB", SCHEMES[1 - number % 2], 1280)]


@pytest.fixture(scope="module")
def scene(installation: Installation) -> dict[str, object]:
    """Something to see on every screen; the ids that addresses need."""
    ids: dict[str, object] = json.loads(staged(installation).splitlines()[-1])
    return ids


def _fits(page: Page) -> bool:
    """Whether the page comes to rest within the window's width."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    for _try in range(20):
        if not page.evaluate(wide):
            return True
        page.wait_for_timeout(100)
    return False


def _violations(page: Page) -> list[str]:
    """What axe finds; what a page that is still being renewed shows for a moment is looked at again."""
    found = Axe().run(page, options=TOLD).response["violations"]
    if found:
        page.wait_for_timeout(800)
        found = Axe().run(page, options=TOLD).response["violations"]
    return [f"{violation['id']} {[node['target'] for node in violation['nodes']][:3]}" for violation in found]


def findings(page: Page, address: str, way: Way) -> list[str]:
    """What axe has to say about one page, one line each; and what is lost on a phone or with text of 200 %."""
    page.emulate_media(color_scheme=way[1])  # type: ignore[arg-type]
    answer = page.goto(address)
    page.wait_for_load_state("load")
    if answer is None or (answer.ok == (address == NOT_THERE) and not address.startswith(FLEETING)):
        return [f"{address}: is not there"]
    found = [f"{address} {way}: {one}" for one in _violations(page)]
    if not _fits(page):
        found.append(f"{address} {way}: scrolls sideways")
    return found + [f"{address} {way}: {one}" for one in lost(page, 100 if way[2] == 320 else 200)]


@pytest.mark.parametrize("role", ["", *STAFF])
def test_axe_finds_nothing(role: str, installation: Installation, people: People, scene: dict[str, object]):
    addresses = [address.format(**scene) for address in (STAFF[role] if role else PUBLIC)]
    found = []
    for place, width in enumerate((320, 1280)):
        locale = ways_of(0)[place][0]
        size = {"width": width, "height": 800}
        page = people.page(role, locale=locale, viewport=size, reduced_motion="reduce")
        for number, address in enumerate(addresses):
            if not address.startswith("/en/") or locale == "en-GB":
                found += findings(page, address, ways_of(number)[place])
        page.context.close()
    assert found == []


PLANTED = {
    '<p style="height: 20px; overflow: hidden">Words below an edge</p>': '"Words below an edge" is cut off by p.',
    '<button style="width: 6rem; white-space: nowrap; overflow: hidden">Words beyond an edge</button>': (
        '"Words beyond an edge" is cut off by button.'
    ),
    '<button style="width: 6rem; white-space: nowrap">Words that stick out</button>': (
        '"Words that stick out" sticks out of button.'
    ),
    '<div style="height: 10px">Words above</div><p style="margin: 0">Words upon</p>': (
        '"Words above" lies on "Words upon" in div. and p.'
    ),
    '<a href="/here" style="display: block">a</a><a href="/there" style="display: block; margin-top: -2rem">b</a>': (
        "a. lies on a."
    ),
    '<a href="/here">Here</a><div style="position: fixed; inset: 0; background: white">A bar</div>': (
        'a. "Here" is covered or out of reach'
    ),
    '<p style="margin-left: -9rem">Words before the beginning</p>': '"Words before the beginning" is cut off by body.',
    '<p style="width: 800px">Words of a page that is too wide</p>': "the page scrolls sideways",
    '<div style="overflow: auto"><p style="width: 800px">Words in a scroller</p></div>': "div. scrolls sideways",
    '<div style="display: grid; align-content: end; overflow: auto; height: 90px"><p>First</p><p>Last</p></div>': (
        '"First" is cut off by div.'
    ),
    '<div style="overflow: auto; height: 20px"><p>One</p><p>Two</p><p>Three</p></div>': (
        "div. shows less than two lines of what it holds"
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_lost_is_found(planted: str, people: People):
    page = people.page(viewport={"width": 640, "height": 400})
    page.set_content(f"<!doctype html><body>{planted}")
    assert PLANTED[planted] in lost(page, 200)


def test_nothing_is_lost_where_large_text_has_its_room(people: People):
    page = people.page(viewport={"width": 640, "height": 400})
    page.set_content(
        "<!doctype html><body><style>@media (width < 30rem) { nav { position: static !important } }</style>"
        '<nav style="position: fixed; inset: 0; background: white"><a href="/there">There</a></nav>'
        '<p style="height: 100rem">Words above what is below</p><a href="/here">Here</a>'
        '<pre style="overflow: auto">code that is too long for its line, as code may be</pre>'
    )
    assert (lost(page, 200), page.evaluate("getComputedStyle(document.body).fontSize")) == ([], "16px")
    assert lost(page) == ['a. "Here" is covered or out of reach']


@pytest.mark.parametrize("role", ["", *STAFF])
def test_every_control_is_reached_by_keyboard(role: str, people: People, scene: dict[str, object]):
    page = people.page(role, viewport={"width": 1280, "height": 900})
    for address in [address.format(**scene) for address in (STAFF[role] if role else PUBLIC)]:
        page.goto(address)
        reachable = page.evaluate(
            """() => [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
              .filter((e) => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && !e.disabled
                && !e.closest('[popover]:not(:popover-open), dialog:not([open]), [aria-hidden="true"]'))
              .filter((e) => e.tabIndex < 0 && !e.closest('[data-list]'))
              .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert reachable == [], address
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.className")
        assert "skip-link" in first, f"{address}: the first stop is the way to the content"
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px", address
