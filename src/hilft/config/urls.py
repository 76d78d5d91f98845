"""Every address of the installation."""

from django.urls import include, path

from hilft.desk.entry.views import healthz
from hilft.example.views import delete

urlpatterns = [
    path("healthz", healthz),
    path("konto/", include("allauth.urls")),
    path("sprache/", include("django.conf.urls.i18n")),
    path("desk/", include("hilft.desk.urls")),
    path("api/", include("hilft.api.urls")),
    path("desk/beispiel/loeschung/", delete, name="example-delete"),
    path("", include("hilft.community.urls")),
    path("en/", include("hilft.community.urls", namespace="community-en")),
]
