"""Deletes the example workspace, and shows the way on."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hilft.example import commands
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.sign_in import SETUP_SALT


@never_cache
@login_required
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Everything made up goes; the answer is the only page that shows how to create the first operator."""
    if not commands.is_here():
        raise Refusal(_("There is no example workspace here."))
    commands.delete(by=cast(User, request.user))
    request.session.flush()
    request.user = AnonymousUser()
    token = signing.dumps("first operator", salt=SETUP_SALT)
    link = settings.HILFT.public_url + reverse("desk:setup", args=[token])
    return render(request, "example/deleted.html", {"link": link})
