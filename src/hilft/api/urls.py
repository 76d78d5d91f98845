"""Addresses of the API; its own description stands at /api/v1/openapi.json."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from hilft.api import handovers, networks, problems, spending


class Api(NinjaAPI):
    """Answers that nobody on the way keeps."""

    def create_response(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, *args, **more)
        response["Cache-Control"] = "no-store"
        return response


api = Api(
    title="hilft",
    version="1",
    description="What networks allow and what they charged. Keys are made by operators; each says what it may read.",
    docs_url=None,
    urls_namespace="api",
)
problems.attach(api)
api.add_router("", networks.router)
api.add_router("", spending.router)

urlpatterns = [
    path("v1/", api.urls),
    path("hand-overs/<str:thread>/", handovers.hear),
    path("<path:rest>", problems.unknown),
    path("", problems.unknown),
]
