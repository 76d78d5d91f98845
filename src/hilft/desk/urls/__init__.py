"""Addresses of the desk: nouns; a change of state is a resource."""

from django.urls import path
from django.views.generic import RedirectView

from hilft.desk.conversations import views
from hilft.desk.entry import views as entry
from hilft.desk.urls import answers, people, running, work

app_name = "desk"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:conversations"), name="home"),
    path("zugang/<str:token>/", entry.link, name="link"),
    path("einrichten/<str:token>/", entry.setup, name="setup"),
    path("suche/", views.palette, name="palette"),
    *work.CONVERSATIONS,
    *work.CONTACTS,
    *work.CUSTOMERS,
    *work.HANDLING,
    *work.APPROVALS,
    *work.CORRECTIONS,
    *work.GROUP_REPLIES,
    *work.CAUSES,
    *work.ESCALATION,
    *answers.KNOWLEDGE,
    *people.PEOPLE,
    *people.TRAINING,
    *people.QUALITY,
    *running.RULES,
    *running.LEDGER,
    *running.NETWORKS,
    *running.OPERATION,
]
