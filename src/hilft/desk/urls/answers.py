"""Addresses of questions and their answers."""

from django.urls import path

from hilft.desk.care import views as care
from hilft.desk.exchange import views as exchange
from hilft.desk.groups import views as groups
from hilft.desk.knowledge import actions as knowledge
from hilft.desk.knowledge import views as questions
from hilft.desk.matching import views as matching
from hilft.desk.merging import views as merging
from hilft.desk.proposals import views as proposals
from hilft.desk.selfhelp import views as selfhelp
from hilft.desk.worklist import views as worklist

KNOWLEDGE = [
    path("treffer/", matching.index, name="matching"),
    path("treffer/schwelle/", matching.bar, name="matching-bar"),
    path("fragen/", questions.index, name="questions"),
    path("fragen/neu/", questions.new, name="question-new"),
    path("fragen/selbsthilfe/", selfhelp.index, name="selfhelp"),
    path("fragen/austausch/", exchange.index, name="exchange"),
    path("fragen/austausch/export/", exchange.export, name="export"),
    path("fragen/<int:pk>/", questions.show, name="question"),
    path("fragen/<int:pk>/fassung/", questions.edit, name="question-edit"),
    path("fragen/<int:pk>/vorschau/", questions.preview, name="question-preview"),
    path("fragen/<int:pk>/veroeffentlichung/", questions.publish, name="question-publish"),
    path("fragen/<int:pk>/titel/", knowledge.title, name="question-title"),
    path("fragen/<int:pk>/zusammenfuehrung/", merging.merge, name="question-merge"),
    path("fragen/<int:pk>/teilung/", merging.split, name="question-split"),
    path("arbeitsliste/", worklist.index, name="worklist"),
    path("gruppen/", groups.index, name="groups"),
    path("gruppen/<int:pk>/", groups.show, name="group"),
    path("umzuege/<int:pk>/ruecknahme/", merging.undo, name="move-undo"),
    path("fragen/<int:pk>/pflege/", care.show, name="question-care"),
    path("fragen/<int:pk>/steuerung/", care.governance, name="question-governance"),
    path("fragen/<int:pk>/pruefung/", care.still_right, name="question-still-right"),
    path("vorschlaege/<int:pk>/", proposals.show, name="proposal"),
    path("vorschlaege/<int:pk>/ablehnung/", proposals.rejection, name="proposal-reject"),
    path("vorschlaege/<int:pk>/ruecknahme/", proposals.withdrawal, name="proposal-withdraw"),
    path("vorschlaege/<int:pk>/uebernahme/", proposals.takeover, name="proposal-takeover"),
    path("fragen/<int:pk>/zustand/", knowledge.state, name="question-state"),
    path("fragen/<int:pk>/formulierungen/", knowledge.wordings, name="wordings"),
    path("fragen/<int:pk>/formulierungen/<int:wording>/entfernung/", knowledge.wording_removal, name="wording-remove"),
    path("fragen/<int:pk>/formulierungen/<int:wording>/rueckkehr/", knowledge.wording_return, name="wording-restore"),
]
