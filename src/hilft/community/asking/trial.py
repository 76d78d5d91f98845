"""Who is about to ask: a number in a cookie of this visit, which says whether answers are shown."""

import uuid
from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "asking"
SALT: Final = "hilft.community.asking"


def key_of(request: HttpRequest) -> uuid.UUID | None:
    """The number of this visit, as far as there is a genuine one."""
    try:
        return uuid.UUID(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def remember(response: HttpResponse, key: uuid.UUID) -> HttpResponse:
    """Keeps the number until the browser is closed."""
    response.set_cookie(COOKIE, signing.dumps(key.hex, salt=SALT), httponly=True, samesite="Lax")
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """The next question is another one."""
    response.delete_cookie(COOKIE)
    return response
