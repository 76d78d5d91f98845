"""Pages: the WSGI application that granian serves, with the static files in front of it."""

import os
from wsgiref.headers import Headers

from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilft.config.settings")
pages = get_wsgi_application()

from django.conf import settings  # noqa: E402  after setup

HASHED = r"^.+\.[0-9a-f]{12}\..+$"


def _never_guess(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


# In front of Django, not as its middleware: that one is asynchronous and costs every page an event loop.
application = ServeStatic(
    pages,
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    allow_all_origins=False,
    immutable_file_test=HASHED,
    add_headers_function=_never_guess,
)
