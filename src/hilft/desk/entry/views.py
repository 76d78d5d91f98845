"""Signing in by link on the example workspace, and creating the first operator of an empty one."""

import ipaddress

from django.contrib.auth import login
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hilft.channels.models import Account
from hilft.desk.entry.forms import FirstOperatorForm
from hilft.people.commands import create_first_operator
from hilft.people.models import User
from hilft.people.sign_in import SETUP_SALT, user_of_link

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Signs in by link: only on the example workspace, and only from this machine."""
    user = user_of_link(token)
    example = Account.objects.filter(settings__example=True).exists()
    if user is None or not example or not _from_here(request):
        raise PermissionDenied(_("This sign-in link is not valid here or any more. `./hilft up` prints fresh ones."))
    login(request, user, backend=BACKEND)
    return redirect("desk:home")


@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Creates the first operator, once."""
    try:
        signing.loads(token, salt=SETUP_SALT, max_age=7 * 24 * 3600)
    except signing.BadSignature as error:
        raise PermissionDenied(_("This link is not valid. `./hilft up` prints a fresh one.")) from error
    if User.objects.exists():
        raise PermissionDenied(_("This installation already has staff. Ask an operator for access."))
    form = FirstOperatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = create_first_operator(**form.cleaned_data)
        login(request, user, backend=BACKEND)
        return redirect("desk:home")
    return render(request, "desk/entry/setup.html", {"form": form})


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether pages and their database work; for the supervisor and load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def _from_here(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
