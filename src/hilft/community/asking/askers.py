"""Whose question a thread is: known by a signed cookie that only the links in our mails set."""

from django.http import HttpRequest, HttpResponse

from hilft.channels.portal.models import PortalPost

SALT = "hilft.community.asker"
YEAR = 365 * 24 * 3600


def remember(request: HttpRequest, response: HttpResponse, post: PortalPost) -> HttpResponse:
    """Lets this browser add to the question and delete it; nothing of it stands in an address that one passes on."""
    response.set_signed_cookie(
        _name(post.thread.hex),
        post.thread.hex,
        salt=SALT,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def is_asker(request: HttpRequest, thread: str) -> bool:
    """Whether this browser came by the asker's link."""
    return request.get_signed_cookie(_name(thread), default="", salt=SALT, max_age=YEAR) == thread


def _name(thread: str) -> str:
    return f"asked_{thread[:12]}"
