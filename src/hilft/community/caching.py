"""Public pages are kept by caches and asked for conditionally; a page that knows its reader is theirs alone."""

import hashlib
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag

PUBLIC = "public, max-age=0, s-maxage=60, must-revalidate"
"""Browsers ask every time and are told "unchanged"; a shared cache may answer for a minute.

Longer would contradict what the portal is for: a corrected answer is there at once.
"""


def cached(request: HttpRequest, response: HttpResponse, modified: datetime | None = None) -> HttpResponse:
    """The response with its validators, or 304 when the reader has it already."""
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache" if request.COOKIES else PUBLIC
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    patch_vary_headers(response, ["Cookie"])
    stamp = int(modified.timestamp()) if modified else None
    return cast(HttpResponse, get_conditional_response(request, etag=etag, last_modified=stamp, response=response))
