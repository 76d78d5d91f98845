"""Errors as programs and people both read them (RFC 9457, application/problem+json)."""

import logging
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

log = logging.getLogger(__name__)
NO_KEY = "Send a valid key: Authorization: Bearer hk_…. An operator of this installation can make one."
NOTHING = "There is nothing at this address. What there is says /api/v1/openapi.json."


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """One answer that says what went wrong and what to do instead."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    response = JsonResponse(said | more, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """For every address below /api/ that is none."""
    return problem(404, NOTHING)


def attach(api: NinjaAPI) -> None:
    """Has every error of the API say itself this way."""
    api.add_exception_handler(AuthenticationError, lambda _request, _error: problem(401, NO_KEY))
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(Http404, lambda _request, _error: problem(404, NOTHING))
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Exception, _broken)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, str(error))


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    wrong = [{"field": str(one["loc"][-1]), "reason": str(one["msg"])} for one in error.errors]
    return problem(422, "; ".join(f"{one['field']}: {one['reason']}" for one in wrong), errors=wrong)


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("API: %s", request.path, exc_info=error)
    return problem(500, "Something went wrong on our side. It has been written down; please try again later.")
