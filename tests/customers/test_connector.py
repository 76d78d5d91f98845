"""The connector against the practice customer system over HTTP: what it reads, and every way to be answered badly."""

import time
from contextlib import ExitStack
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from hilft.audit.models import Entry
from hilft.customers import asking, fetching
from hilft.customers.commands import try_system
from hilft.customers.connector import Trouble
from hilft.customers.enums import By
from hilft.customers.mapping import Field
from hilft.customers.models import System
from hilft.customers.rest import Rest
from hilft.example.customers import FIELDS
from hilft.people.errors import NotAllowed, Refusal
from tests import factories
from tests.customers import made

pytestmark = pytest.mark.django_db


def trouble(system: System, *, way: By = By.NUMBER, value: str = "10 4711 20") -> tuple[str, str]:
    """What goes wrong, and the sentence for it."""
    with override("en"):
        with pytest.raises(Trouble) as caught:
            Rest(system).find(way, value)
        return caught.value.kind, str(caught.value)


def test_a_customer_is_found_by_number_mail_and_phone_and_read_by_key(customer_system: str):
    rest = Rest(made.system(customer_system))
    (katja,) = rest.find(By.NUMBER, "10 4711 20")
    assert (katja.key, katja.number) == ("c-5f21", "10 4711 20")
    assert rest.find(By.MAIL, "katja.brandt@post.example") == rest.find(By.PHONE, "+493023125101") == [katja]
    assert rest.read("c-5f21") == katja
    assert rest.find(By.MAIL, "niemand@post.example") == []
    shown = {value.field.label_en: value.value for value in katja.values}
    assert shown["Contract until"] == date(2027, 4, 30)
    assert (shown["Balance"], shown["Last invoice"], shown["Dunning"]) == (Decimal("0.0"), Decimal("44.95"), False)
    assert shown["Open faults"] == "S-20881: Router startet nachts neu, Techniker kommt am 28.11."
    assert [value.field.label_en for value in katja.open] == ["Tariff", "Contract until", "Device", "Open faults"]


def test_where_there_is_no_search_by_number_it_is_the_key(customer_system: str):
    rest = Rest(made.system(customer_system, number_path="", mail_path=""))
    assert [one.number for one in rest.find(By.NUMBER, "c-5f22")] == ["10 4712 08"]
    assert trouble(rest.system, way=By.MAIL)[0] == "way"
    assert [trouble(rest.system, value=value)[0] for value in ("c-0000", "..", "../customers", "c?x=/..")] == [
        "gone"
    ] * 4


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        ("error", "status", "It answers with an error (500)."),
        ("html", "json", "Its answer is not JSON."),
        ("huge", "big", "Its answer is larger than 256 kB."),
        ("redirect", "redirect", "It leads elsewhere (302); hilft follows no redirects, lest the key goes astray."),
        ("list", "shape", "Its answer has nothing usable at /customers."),
    ],
)
def test_bad_answers_have_a_sentence_each(customer_system: str, fault: str, kind: str, says: str):
    assert trouble(made.system(f"{customer_system}/fault/{fault}")) == (kind, says)


@pytest.mark.parametrize("fault", ["slow", "drip", "drip-head"])
def test_the_whole_time_is_limited_however_the_bytes_come(customer_system: str, fault: str):
    system = made.system(f"{customer_system}/fault/{fault}")
    system.seconds = 0.4
    began = time.monotonic()
    assert trouble(system) == ("slow", "It did not answer in full within 0.4 seconds.")
    assert time.monotonic() - began < 1.5


def test_nobody_there_a_wrong_key_and_no_address(customer_system: str):
    assert trouble(made.system("http://127.0.0.1:9"))[0] == "unreachable"
    assert trouble(made.system(customer_system, secret="Bearer falsch")) == (
        "unauthorised",
        "It does not accept our key (401).",
    )
    nowhere = made.system(customer_system)
    nowhere.base_url = "http://[::bad"
    assert trouble(nowhere)[0] == "address"


def test_other_types_and_gaps_are_said_of_their_field(customer_system: str):
    system = made.system(f"{customer_system}/fault/types")
    (katja,) = Rest(system).find(By.NUMBER, "10 4711 20")
    assert {value.problem for value in katja.values if value.field.pointer != "/number"} == {"kind"}
    fields = [
        Field("/contract/colour", "Farbe"),
        Field("/open_faults/0", "Störung"),
        Field("/person/name", "Name", kind="date"),
    ]
    system = made.system(customer_system, fields=fields, needed=0)
    (katja,) = Rest(system).find(By.NUMBER, "10 4711 20")
    assert [value.problem for value in katja.values] == ["missing", "", "kind"]
    assert trouble(made.system(customer_system, key_pointer="/nowhere"))[0] == "shape"


def test_an_answer_is_used_again_briefly_and_trouble_too(customer_system: str):
    system = made.system(customer_system)
    katja = asking.record_of(system, number="10 4711 20")
    System.objects.update(base_url="http://127.0.0.1:9")
    moved = System.objects.get()
    assert asking.record_of(moved, number="10 4711 20") == katja
    with override("en"), pytest.raises(Trouble, match="It cannot be reached"):
        asking.record_of(moved, number="10 4712 08")
    System.objects.update(base_url=customer_system)
    back = System.objects.get()
    with override("en"), pytest.raises(Trouble, match="It cannot be reached"):
        asking.found(back, By.MAIL, "katja.brandt@post.example")
    assert asking.record_of(back, number="10 4712 08", again=True).key == "c-5f22"
    assert len(asking.found(back, By.MAIL, "katja.brandt@post.example")) == 1
    with override("en"), pytest.raises(Trouble, match="no such customer"):
        asking.record_of(back, number="10 0000 00")
    for absent in (None, System(active=False)):
        with pytest.raises(Trouble):
            asking.record_of(absent, number="10 4711 20")


def test_only_two_ask_at_once_and_the_next_is_told_so(customer_system: str):
    system = made.system(customer_system)
    with ExitStack() as held:
        for _call in range(fetching.TOGETHER):
            held.enter_context(fetching._turn)
        assert trouble(system) == ("busy", "It is being asked by others right now.")
    assert len(Rest(system).find(By.NUMBER, "10 4711 20")) == 1


def test_a_key_that_was_given_to_somebody_else_shows_nobody(customer_system: str):
    system = made.system(customer_system)
    assert asking.record_of(system, number="10-471120", key="c-5f21").number == "10 4711 20"
    with override("en"), pytest.raises(Trouble, match="no such customer"):
        asking.record_of(system, number="10 4712 08", key="c-5f21")


def test_the_key_is_sealed_and_follows_to_no_other_address(customer_system: str):
    system = made.system(customer_system)
    assert b"practice-crm-key" not in bytes(system.secret)
    assert made.system(customer_system, secret="").secret == system.secret
    with override("en"), pytest.raises(Refusal, match="Enter the key again"):
        made.system("http://127.0.0.1:9", secret="")


def test_what_could_never_work_is_refused(customer_system: str):
    for changed, says in (
        ({"read_path": "/customers"}, "A path begins with /"),
        ({"number_pointer": "number"}, "A JSON pointer begins with /"),
        ({"needed": 5}, "Name at least as many checks"),
        ({"fields": [Field("/account/dunning", "Mahnung", kind="flag", check="Mahnung")]}, "guessed too easily"),
        ({"fields": [Field("/person/name", "Name", personal=False, check="Name")]}, "so it must be personal"),
    ):
        with override("en"), pytest.raises(Refusal, match=says):
            made.system(customer_system, **changed)
    made.system(customer_system, fields=[Field("/number", "Nummer", personal=False, check="Nummer")], needed=1)


def test_a_trial_is_recorded_without_what_it_showed(customer_system: str):
    operator, system = factories.staff("operator"), made.system(customer_system)
    (katja,) = try_system(by=operator, way="mail", value="katja.brandt@post.example")
    assert (katja.key, len(katja.values)) == ("c-5f21", len(FIELDS))
    with override("en"), pytest.raises(Trouble, match="no such customer"):
        try_system(by=operator, way="key", value="c-0000")
    entries = Entry.objects.filter(verb="customers.try", subject_id=system.pk).order_by("pk")
    assert [entry.data for entry in entries] == [{"way": "mail", "outcome": "done"}, {"way": "key", "outcome": "gone"}]
    for forbidden in (lambda: try_system(by=factories.staff("lead"), way="mail", value="x"),):
        with pytest.raises(NotAllowed):
            forbidden()
