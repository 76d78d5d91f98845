"""Signing in: password, links of the example workspace, and nobody who was not invited."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from hilft.people.models import User
from hilft.people.sign_in import SETUP_SALT, link_token
from tests import factories

pytestmark = pytest.mark.django_db


def test_password_sign_in_by_address_whatever_its_case(client: Client):
    user = factories.staff("agent")
    page = client.post(reverse("account_login"), {"login": user.email.upper(), "password": "a long password"})
    assert page.status_code == 302
    assert client.get("/desk/anliegen/").status_code == 200


def test_a_wrong_password_says_nothing_about_the_address(client: Client):
    user = factories.staff("agent")
    wrong = client.post(reverse("account_login"), {"login": user.email, "password": "nonsense nonsense"})
    nobody = client.post(reverse("account_login"), {"login": "nobody@post.example", "password": "nonsense nonsense"})
    assert wrong.context["form"].errors == nobody.context["form"].errors


def test_nobody_signs_up(client: Client):
    page = client.post(reverse("account_signup"), {"email": "new@post.example", "password1": "a long new password"})
    assert page.status_code in {200, 403}
    assert User.objects.count() == 0


def test_links_work_only_on_the_example_workspace_and_from_this_machine(client: Client):
    user = factories.staff("agent")
    address = reverse("desk:link", args=[link_token(user)])
    assert client.get(address).status_code == 403, "this is no example workspace"
    account = factories.portal_account()
    account.settings = {"example": True}
    account.save()
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get(address[:-3] + "xx/").status_code == 403
    assert client.get(address).status_code == 302
    assert client.get("/desk/anliegen/").status_code == 200


def test_deactivated_people_are_out_at_once(client: Client):
    user = factories.staff("agent")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/desk/anliegen/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/desk/anliegen/").status_code == 302


def test_the_first_operator_is_created_by_a_signed_link_once(client: Client):
    address = reverse("desk:setup", args=[signing.dumps("first operator", salt=SETUP_SALT)])
    assert client.get(reverse("desk:setup", args=["forged"])).status_code == 403
    assert client.get(address).status_code == 200
    weak = client.post(address, {"name": "A", "email": "a@nordnetz.example", "password": "kurz"})
    assert weak.status_code == 200
    assert User.objects.count() == 0
    client.post(address, {"name": "Ada Ay", "email": "a@nordnetz.example", "password": "a very long password"})
    assert [u.roles for u in User.objects.all()] == [["operator", "lead"]]
    assert client.get(address).status_code == 403
