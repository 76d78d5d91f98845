"""Who may do what: the table holds for every role, by URLs typed by hand as well."""

import pytest
from django.test import Client

from hilft.people.commands import create_first_operator, save_staff
from hilft.people.enums import Role
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.people.rules import MAY, may
from hilft.people.sign_in import link_token, user_of_link
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("action", sorted(MAY))
@pytest.mark.parametrize("role", Role.values)
def test_the_table_holds_for_each_role(role: str, action: str):
    user = User(name="x", roles=[role])
    assert may(user, action) is (role in MAY[action])
    user.is_active = False
    assert may(user, action) is False


def test_without_a_role_nothing_is_allowed():
    for action in MAY:
        with pytest.raises(NotAllowed):
            require(User(name="x", roles=[]), action)


@pytest.mark.parametrize(
    ("address", "roles"),
    [
        ("/desk/anliegen/", {"agent", "approver", "editor", "lead", "operator", "trainer"}),
        ("/desk/freigaben/", None),
        ("/desk/konten/", {"operator", "lead"}),
        ("/desk/team/", {"operator"}),
        ("/desk/fragen/neu/", {"editor", "lead"}),
    ],
)
def test_pages_by_hand_typed_address(client: Client, address: str, roles: set[str] | None):
    assert client.get(address).status_code == 302
    for role in Role.values:
        client.force_login(factories.staff(role), backend="django.contrib.auth.backends.ModelBackend")
        status = client.get(address).status_code
        if roles is not None:
            assert (role, status) == (role, 200 if role in roles else 403)
    client.force_login(factories.staff(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 403


def test_the_first_operator_is_made_once():
    create_first_operator(email="a@nordnetz.example", name="A", password="a very long password")
    with pytest.raises(Refusal):
        create_first_operator(email="b@nordnetz.example", name="B", password="a very long password")


def test_the_last_operator_cannot_lock_everybody_out():
    operator = factories.staff("operator")
    with pytest.raises(Refusal):
        save_staff(by=operator, user=operator, email=operator.email, name=operator.name, roles=["agent"])
    assert User.objects.get(pk=operator.pk).roles == ["operator"]


def test_sign_in_links_are_bound_to_the_person_and_cannot_be_forged():
    user = factories.staff("agent")
    token = link_token(user)
    assert user_of_link(token) == user
    assert user_of_link(token[:-2] + "xx") is None
    assert user_of_link("") is None
    user.set_password("another long password")
    user.save()
    assert user_of_link(token) is None
