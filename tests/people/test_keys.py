"""Keys for other programs: only operators make and end them, and no words are kept."""

import pytest
from django.core import serializers

from hilft.audit.models import Entry
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.keys import create_key, key_of, keys, revoke_key
from hilft.people.models import ApiKey
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_words_are_kept_nowhere():
    operator = factories.staff("operator")
    key, words = create_key(by=operator, name=" Dashboard ", rights=["spending", "networks"])
    assert (key.name, key.rights, words.startswith("hk_"), len(words)) == (
        "Dashboard",
        ["networks", "spending"],
        True,
        46,
    )
    kept = serializers.serialize("json", [*ApiKey.objects.all(), *Entry.objects.all()])
    assert words not in kept
    assert words[len(key.start) :] not in kept
    assert key_of(words) == key
    assert key_of(words[:-1]) is None
    assert Entry.objects.get().data == {"name": "Dashboard", "rights": ["networks", "spending"]}


def test_ending_a_key_is_written_down_once():
    operator = factories.staff("operator")
    key, words = create_key(by=operator, name="Dashboard", rights=["networks"])
    for _ in range(2):
        revoke_key(by=operator, key=key)
    key.refresh_from_db()
    assert (key.revoked_by, key_of(words)) == (operator, None)
    assert Entry.objects.filter(verb="people.revoke_key").count() == 1


@pytest.mark.parametrize(("name", "rights"), [(" ", ["networks"]), ("Board", []), ("Board", ["everything"])])
def test_a_key_without_purpose_or_rights_is_refused(name: str, rights: list[str]):
    with pytest.raises(Refusal):
        create_key(by=factories.staff("operator"), name=name, rights=rights)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", ["agent", "approver", "editor", "lead"])
def test_only_operators_make_and_end_keys(role: str):
    key, _words = create_key(by=factories.staff("operator"), name="Dashboard", rights=["networks"])
    with pytest.raises(NotAllowed):
        create_key(by=factories.staff(role), name="Mine", rights=["networks"])
    with pytest.raises(NotAllowed):
        revoke_key(by=factories.staff(role), key=key)
    assert [(one.name, one.revoked_at) for one in keys()] == [("Dashboard", None)]
