"""Pairs of questions in each other's way: what contradicts what, which pairs are found, and which are forgotten."""

from datetime import timedelta

import pytest

from hilft.base.clock import now
from hilft.knowledge.contradictions import contradictions
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.findings import compare, forget_before
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Finding
from hilft.knowledge.queries import findings
from tests import factories


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Das dauert bis zu **48 Stunden**.", "Das dauert 24 Stunden.", [("48 Stunden", "24 Stunden")]),
        ("Das dauert 48 Stunden.", "Nach 48,0 Stunden ist es fertig.", []),
        ("Es kostet 9,95 €.", "Es kostet 4.95 Euro im Monat.", [("9,95 €", "4.95 Euro")]),
        ("Frist: 3 Monate.", "Es kostet 3 Euro.", []),
        ("Ab 1.12.2026 gilt es.", "Ab 1. 1.2027 gilt es.", [("1.12.2026", "1.1.2027")]),
        ("Sie können den Router behalten.", "Sie können den Router nicht behalten.", [("–", "nicht")]),
        ("Der Shop hat offen.", "Mein Vertrag läuft nicht aus, sondern verlängert sich.", []),
    ],
)
def test_what_contradicts_what(one: str, other: str, found: list[tuple[str, str]]):
    assert [tuple(c) for c in contradictions(one, other)] == found


@pytest.mark.django_db
def test_pairs_are_found_once_and_forgotten_when_they_hold_no_longer():
    a = factories.question(title="Wie lange dauert die Umschaltung der Leitung?", hours=48)
    b = factories.question(title="Wie lange dauert die Umschaltung meiner Leitung?", hours=24)
    factories.question(title="Wie kündige ich meinen Vertrag?", body="Schriftlich.")
    embed_pending()

    assert compare() is None
    compare()

    assert [(f.kind, f.question, f.other) for f in Finding.objects.order_by("kind")] == [
        (FindingKind.CONTRADICTION, a, b),
        (FindingKind.TWO, a, b),
    ]
    (found,) = findings(FindingKind.CONTRADICTION)
    assert [side["against"][0] for side in found.pair] == ["48 Stunden", "24 Stunden"]
    assert found.older == a
    factories.publish(b, hours=48)
    start = now() + timedelta(microseconds=1)
    compare()
    forget_before(start)
    assert [f.kind for f in Finding.objects.all()] == [FindingKind.TWO]
    assert compare(most=1) is not None, "there is another portion"
