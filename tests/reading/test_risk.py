"""What makes a text risky: found in inflected words, not in harmless ones."""

import pytest

from hilft.reading.risk import RISKS, risks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mein Anwalt wird sich melden, ich gehe damit zur Bundesnetzagentur.", ["law"]),
        ("Sie bekommen 10 Euro – die Gutschrift kommt mit der nächsten Rechnung.", ["money"]),
        ("Moin Ayşe, das ärgert uns auch: 20 Euro schreiben wir Ihnen gut.", ["money"]),
        ("Wir zahlen Ihnen die 20 € von November zurück.", ["money"]),
        ("Schreiben Sie uns. Gut wäre ein Foto.", []),
        ("Meine Mutter hat einen Hausnotruf, der geht jetzt nicht.", ["health"]),
        ("Meine Tochter ist minderjährig und hat ein Abo abgeschlossen.", ["minors"]),
        ("Ich bin Journalistin und bitte um ein Interview.", ["press"]),
        ("Wenn das so weitergeht, bringe ich mich um. Kill myself.", ["danger"]),
        ("I will sue you, my lawyer wants a refund.", ["law", "money"]),
        ("Der Router blinkt orange. Was tun?", []),
        ("Das richtige Gericht gibt es in der Kantine", ["law"]),
        ("Wie lange dauert die Umschaltung, und was kostet sie?", []),
        ("", []),
    ],
)
def test_risks(text: str, found: list[str]) -> None:
    assert risks(text) == found


def test_every_risk_has_a_name() -> None:
    assert RISKS == ("law", "money", "health", "minors", "press", "danger")
