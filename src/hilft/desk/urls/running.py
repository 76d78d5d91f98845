"""Addresses of those who run hilft: rules, networks and their costs, accounts, staff, the record."""

from django.urls import path

from hilft.desk.costs import views as costs
from hilft.desk.glass import views as glass
from hilft.desk.ledger import views as ledger
from hilft.desk.networks import views as networks
from hilft.desk.operator import account, accounts, changing, keys, staff, trials, webhooks
from hilft.desk.operator.preferences import availability, preferences
from hilft.desk.record import views as record
from hilft.desk.rights import views as rights
from hilft.desk.rules import views as rules
from hilft.desk.stuck import views as stuck

RULES = [
    path("regeln/", rules.index, name="rules"),
    path("regeln/neu/", rules.edit, name="rule-new"),
    path("regeln/<int:pk>/", rules.edit, name="rule"),
    path("regeln/<int:pk>/platz/", rules.move, name="rule-move"),
    path("regeln/<int:pk>/loeschung/", rules.deletion, name="rule-delete"),
    path("notfaelle/", glass.index, name="glass"),
    path("notfaelle/<int:pk>/nachpruefung/", glass.review, name="glass-review"),
    path("nachweis/", rules.record, name="own-record"),
]
LEDGER = [
    path("platzierungen/", ledger.index, name="placements"),
    path("platzierungen/<int:pk>/", ledger.show, name="placement"),
    path("klaeren/", stuck.index, name="stuck"),
]
NETWORKS = [
    path("netze/", networks.index, name="networks"),
    path("netze/<slug:kind>/", networks.show, name="network"),
    path("netze/<slug:kind>/<str:name>/aenderung/", networks.change, name="fact-change"),
    path("netze/<slug:kind>/<str:name>/ruecknahme/", networks.restore, name="fact-restore"),
]
OPERATION = [
    path("einstellungen/", preferences, name="preferences"),
    path("einstellungen/zuteilung/", availability, name="availability"),
    path("kosten/", costs.index, name="costs"),
    path("konten/", accounts.index, name="accounts"),
    path("konten/<int:pk>/", account.show, name="account"),
    path("konten/<int:pk>/budget/", account.budget, name="account-budget"),
    path("konten/neu/<slug:kind>/", accounts.connect, name="account-connect"),
    path("konten/<int:pk>/zustand/", accounts.state, name="account-state"),
    path("konten/<int:pk>/zugangsdaten/", accounts.reconnect, name="account-reconnect"),
    path("konten/<int:pk>/einstellungen/", changing.change, name="account-settings"),
    path("konten/<int:pk>/probe/", trials.trial, name="account-trial"),
    path("konten/<int:pk>/webhook/", webhooks.webhook, name="account-webhook"),
    path("konten/ereignisse/<int:pk>/", accounts.read_again, name="event-again"),
    path("schluessel/", keys.index, name="keys"),
    path("schluessel/<int:pk>/ende/", keys.end, name="key-end"),
    path("protokoll/", record.index, name="record"),
    path("protokoll/export/", record.export, name="record-export"),
    path("protokoll/pruefung/", record.verification, name="record-verify"),
    path("protokoll/<int:pk>/loeschung/", record.erasure, name="record-erase"),
    path("team/", staff.index, name="staff"),
    path("team/neu/", staff.new, name="staff-new"),
    path("team/<int:pk>/", staff.edit, name="staff-edit"),
    path("rechte/", rights.index, name="rights"),
    path("rechte/<int:pk>/", rights.grant, name="right-grant"),
]
