"""Addresses of the desk: nouns; a change of state is a resource."""

from django.urls import path
from django.views.generic import RedirectView

from hilft.desk.approvals import views as approvals
from hilft.desk.care import views as care
from hilft.desk.causes import views as causes
from hilft.desk.contacts import merging as one_person
from hilft.desk.contacts import notes as contact_notes
from hilft.desk.contacts import views as contacts
from hilft.desk.conversations import actions, views
from hilft.desk.corrections import views as corrections
from hilft.desk.costs import views as costs
from hilft.desk.customers import numbers as customer_numbers
from hilft.desk.customers import record as customer_record
from hilft.desk.customers import settings as customer_system
from hilft.desk.customers import verifying as customer_verifying
from hilft.desk.duplicates import views as duplicates
from hilft.desk.entry import views as entry
from hilft.desk.escalation import deadlines, handovers
from hilft.desk.escalation import settings as escalation
from hilft.desk.exchange import views as exchange
from hilft.desk.glass import views as glass
from hilft.desk.group_replies import views as group_replies
from hilft.desk.groups import views as groups
from hilft.desk.handling import intake_rules, joining, lists, macros, many, saved, steps
from hilft.desk.knowledge import actions as knowledge
from hilft.desk.knowledge import views as questions
from hilft.desk.ledger import views as ledger
from hilft.desk.matching import views as matching
from hilft.desk.merging import views as merging
from hilft.desk.networks import views as networks
from hilft.desk.operator import account, accounts, changing, keys, staff, trials, webhooks
from hilft.desk.operator.preferences import availability, preferences
from hilft.desk.people import council
from hilft.desk.people import views as people
from hilft.desk.phone import views as phone
from hilft.desk.proposals import flow
from hilft.desk.proposals import views as proposals
from hilft.desk.quality import coaching, planning, results, reviewing
from hilft.desk.record import views as record
from hilft.desk.rights import views as rights
from hilft.desk.rules import views as rules
from hilft.desk.selfhelp import views as selfhelp
from hilft.desk.stuck import views as stuck
from hilft.desk.training import editing, learning, roles, teaching
from hilft.desk.worklist import views as worklist

app_name = "desk"
CONVERSATIONS = [
    path("anliegen/", views.index, name="conversations"),
    path("anliegen/naechstes/", actions.next_one, name="next"),
    path("anliegen/<int:pk>/", views.show, name="conversation"),
    path("anliegen/<int:pk>/verlauf/", views.log, name="conversation-log"),
    path("anliegen/<int:pk>/antwort/", views.composer, name="composer"),
    path("anliegen/<int:pk>/anwesenheit/", views.presence, name="presence"),
    path("anliegen/<int:pk>/zuweisung/", actions.assignment, name="assign"),
    path("anliegen/<int:pk>/erledigung/", actions.closing, name="close"),
    path("anliegen/<int:pk>/oeffnung/", actions.reopening, name="reopen"),
    path("anliegen/<int:pk>/wiedervorlage/", actions.snoozing, name="snooze"),
    path("anliegen/<int:pk>/thema/", steps.tags, name="tag"),
    path("anliegen/<int:pk>/anrede/", actions.form_of_address, name="form"),
    path("anliegen/<int:pk>/notiz/", actions.note, name="note"),
    path("anliegen/<int:pk>/urteil/", actions.verdict, name="verdict"),
    path("anliegen/<int:pk>/begruendung/", actions.reason, name="free-text-reason"),
    path("anliegen/<int:pk>/formulierung/<int:judgement>/", actions.wording, name="wording"),
    path("anliegen/<int:pk>/entwurf/", actions.save, name="draft-save"),
    path("anliegen/<int:pk>/sichtbarkeit/", actions.visibility, name="draft-visibility"),
    path("anliegen/<int:pk>/einreichung/", actions.submit, name="draft-submit"),
    path("anliegen/<int:pk>/verbesserung/<int:question>/", flow.fix, name="fix"),
    path("anliegen/<int:pk>/neue-antwort/", flow.host, name="host"),
    path("anliegen/<int:pk>/neue-antwort/<int:question>/ruecknahme/", flow.host_undo, name="host-undo"),
    path("anliegen/<int:pk>/dublette/", duplicates.choose, name="duplicate"),
    path("anliegen/<int:pk>/dublette/verknuepfung/", duplicates.link, name="duplicate-link"),
    path("dubletten/<int:pk>/ruecknahme/", duplicates.undo, name="duplicate-undo"),
    path("entwurf/<int:pk>/ruecknahme/", actions.withdrawal, name="draft-withdraw"),
    path("entwurf/<int:pk>/verwerfen/", actions.discard, name="draft-discard"),
    path("zustellung/<int:pk>/rueckholung/", actions.undo, name="undo"),
    path("zustellung/<int:pk>/wiederholung/", actions.again, name="delivery-again"),
    path("zustellung/<int:pk>/bestaetigung/", actions.confirmation, name="delivery-confirm"),
    path("zustellung/<int:pk>/abschluss/", actions.settle, name="delivery-settle"),
    path("telefonnotizen/neu/", phone.new, name="phone-note"),
    path("telefonnotizen/vorschlaege/", phone.suggestions, name="phone-suggestions"),
]
CONTACTS = [
    path("kontakte/", contacts.index, name="contacts"),
    path("kontakte/<int:pk>/", contacts.show, name="contact"),
    path("kontakte/<int:pk>/anrede/", contacts.form_of_address, name="contact-form"),
    path("kontakte/<int:pk>/zusammenfuehrung/", one_person.merge, name="contact-merge"),
    path("kontaktverbindungen/<int:pk>/ruecknahme/", one_person.undo, name="contact-merge-undo"),
    path("kontakte/<int:pk>/notizen/", contact_notes.new, name="contact-note-new"),
    path("kontaktnotizen/<int:pk>/", contact_notes.change, name="contact-note"),
    path("kontaktnotizen/<int:pk>/loeschung/", contact_notes.deletion, name="contact-note-delete"),
    path("kontaktnotizen/<int:pk>/rueckkehr/", contact_notes.restoration, name="contact-note-restore"),
]
HANDLING = [
    path("anliegen/<int:pk>/termin/", steps.follow_up, name="follow-up"),
    path("anliegen/<int:pk>/aussortierung/", steps.sorting, name="sort-out"),
    path("schritte/<int:pk>/ruecknahme/", steps.undo, name="step-undo"),
    path("anliegen/<int:pk>/zusammenfuehrung/", joining.merge, name="merge"),
    path("anliegen/<int:pk>/teilung/", joining.split, name="split"),
    path("zusammenfuehrungen/<int:pk>/ruecknahme/", joining.undo, name="joining-undo"),
    path("eingangsregeln/", intake_rules.index, name="intake-rules"),
    path("eingangsregeln/neu/", intake_rules.edit, name="intake-rule-new"),
    path("eingangsregeln/<int:pk>/", intake_rules.edit, name="intake-rule"),
    path("eingangsregeln/<int:pk>/platz/", intake_rules.move, name="intake-rule-move"),
    path("eingangsregeln/<int:pk>/loeschung/", intake_rules.deletion, name="intake-rule-delete"),
    path("anliegen/<int:pk>/makro/", macros.choose, name="macro-choose"),
    path("anliegen/<int:pk>/makro/<int:macro>/", macros.run, name="macro-run"),
    path("makros/", macros.index, name="macros"),
    path("makros/neu/", macros.edit, name="macro-new"),
    path("makros/<int:pk>/", macros.edit, name="macro"),
    path("makros/<int:pk>/loeschung/", macros.deletion, name="macro-delete"),
    path("ansichten/", saved.index, name="saved-views"),
    path("ansichten/neu/", saved.new, name="saved-view-new"),
    path("ansichten/<int:pk>/platz/", saved.move, name="saved-view-move"),
    path("ansichten/<int:pk>/loeschung/", saved.deletion, name="saved-view-delete"),
    path("viele/", many.plan, name="bulk-plan"),
    path("viele/<int:pk>/", many.show, name="bulk"),
    path("viele/<int:pk>/beginn/", many.start, name="bulk-start"),
    path("viele/<int:pk>/ruecknahme/", many.undo, name="bulk-undo"),
    path("erwaehnungen/", lists.mentions, name="mentions"),
    path("schlagworte/", lists.tags, name="tags"),
    path("schlagworte/<int:pk>/name/", lists.renaming, name="tag-rename"),
]
APPROVALS = [
    path("freigaben/", approvals.index, name="approvals"),
    path("freigaben/<int:pk>/", approvals.show, name="approval"),
    path("freigaben/<int:pk>/freigabe/", approvals.approval, name="approval-approve"),
    path("freigaben/<int:pk>/ablehnung/", approvals.rejection, name="approval-reject"),
    path("freigaben/<int:pk>/aenderung/", approvals.edit, name="approval-edit"),
    path("freigaben/<int:pk>/rueckfrage/", approvals.remark, name="approval-remark"),
    path("freigaben/<int:pk>/notfall/", approvals.glass, name="approval-glass"),
]
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
CORRECTIONS = [
    path("korrekturen/", corrections.index, name="corrections"),
    path("korrekturen/<int:pk>/", corrections.show, name="correction"),
    path("korrekturen/<int:pk>/einreichung/", corrections.submission, name="correction-submit"),
    path("korrekturen/<int:pk>/freigabe/", corrections.approval, name="correction-approve"),
    path("korrekturen/<int:pk>/ablehnung/", corrections.rejection, name="correction-reject"),
    path("korrekturen/<int:pk>/verzicht/", corrections.dropping, name="correction-drop"),
    path("korrekturen/<int:pk>/antworten/<int:item>/", corrections.item, name="correction-item"),
    path("korrekturen/<int:pk>/antworten/<int:item>/abschluss/", corrections.settling, name="correction-settle"),
]
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
GROUP_REPLIES = [
    path("fragen/<int:pk>/wartende/", group_replies.waiting, name="question-waiting"),
    path("sammelantworten/", group_replies.index, name="group-replies"),
    path("sammelantworten/<int:pk>/", group_replies.show, name="group-reply"),
    path("sammelantworten/<int:pk>/freigabe/", group_replies.approval, name="group-reply-approve"),
    path("sammelantworten/<int:pk>/ablehnung/", group_replies.rejection, name="group-reply-reject"),
    path("sammelantworten/<int:pk>/rueckholung/", group_replies.undo, name="group-reply-undo"),
    path("sammelantworten/<int:pk>/ruecknahme/", group_replies.withdrawal, name="group-reply-withdraw"),
]
CAUSES = [
    path("ursachen/", causes.index, name="causes"),
    path("ursachen/neu/", causes.new, name="cause-new"),
    path("ursachen/<int:pk>/", causes.show, name="cause"),
    path("ursachen/<int:pk>/zustand/", causes.state, name="cause-state"),
    path("ursachen/<int:pk>/fragen/", causes.name, name="cause-name"),
    path("ursachen/<int:pk>/fragen/<int:naming>/entfernung/", causes.unname, name="cause-unname"),
    path("ursachen/<int:pk>/mitteilung/", causes.tell, name="cause-tell"),
]
ESCALATION = [
    path("fristen/", deadlines.index, name="deadlines"),
    path("uebergaben/", handovers.index, name="handovers"),
    path("uebergaben/<int:pk>/annahme/", handovers.acknowledgement, name="handover-acknowledge"),
    path("uebergaben/<int:pk>/weitergabe/", handovers.passing_on, name="handover-pass-on"),
    path("uebergaben/<int:pk>/antwort/", handovers.answer, name="handover-answer"),
    path("uebergaben/<int:pk>/abschluss/", handovers.closing, name="handover-close"),
    path("anliegen/<int:pk>/uebergabe/", handovers.new, name="handover-new"),
    path("anliegen/<int:pk>/dringlichkeit/", handovers.priority, name="priority"),
    path("anliegen/<int:pk>/stoerungsmeldung/", handovers.fault, name="fault"),
    path("einstellungen/fristen/", escalation.deadlines, name="deadline-settings"),
    path("einstellungen/fristen/zeiten/neu/", escalation.schedule, name="schedule-new"),
    path("einstellungen/fristen/zeiten/<int:pk>/", escalation.schedule, name="schedule"),
    path("einstellungen/fristen/zusagen/<int:pk>/loeschung/", escalation.promise_deletion, name="promise-delete"),
    path("einstellungen/fristen/zusagen/<int:pk>/beginn/", escalation.promise_start, name="promise-start"),
    path("einstellungen/abteilungen/", escalation.departments, name="departments"),
    path("einstellungen/abteilungen/neu/", escalation.department, name="department-new"),
    path("einstellungen/abteilungen/<int:pk>/", escalation.department, name="department"),
    path("einstellungen/fachleute/neu/", escalation.expert, name="expert-new"),
    path("einstellungen/fachleute/<int:pk>/", escalation.expert, name="expert"),
    path("einstellungen/abteilungen/<int:pk>/stufen/neu/", escalation.level, name="level-new"),
    path("einstellungen/abteilungen/<int:pk>/stufen/<int:number>/", escalation.level, name="level"),
    path(
        "einstellungen/abteilungen/<int:pk>/stufen/<int:number>/loeschung/",
        escalation.level_deletion,
        name="level-delete",
    ),
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
CUSTOMERS = [
    path("anliegen/<int:pk>/kundennummern/<int:number>/", customer_verifying.beside, name="customer-record"),
    path(
        "anliegen/<int:pk>/kundennummern/<int:number>/pruefung/",
        customer_verifying.verification,
        name="customer-verify",
    ),
    path("anliegen/<int:pk>/kundennummern/<int:number>/einsicht/", customer_verifying.look, name="customer-look"),
    path("kundensystem/", customer_system.system, name="customer-system"),
    path("kontakte/<int:pk>/kundennummer/", customer_numbers.new, name="number-new"),
    path("kundennummern/<int:pk>/", customer_record.of_contact, name="number-record"),
    path("kundennummern/<int:pk>/entfernung/", customer_numbers.removal, name="number-remove"),
    path("kundennummern/<int:pk>/rueckkehr/", customer_numbers.restoration, name="number-restore"),
    path("kundensystem/probe/", customer_system.trial, name="customer-system-trial"),
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
PEOPLE = [
    path("personen/", people.index, name="people"),
    path("personen/<int:pk>/", people.hours, name="person"),
    path("personen/<int:pk>/abwesenheit/", people.absence, name="absence-new"),
    path("abwesenheiten/<int:pk>/ende/", people.absence_end, name="absence-end"),
    path("beschaeftigte/", council.show, name="staff-data"),
    path("beschaeftigte/betriebsrat/", council.mode, name="council-mode"),
]
TRAINING = [
    path("schulung/", learning.index, name="training"),
    path("schulung/modul/<slug:key>/", learning.module, name="module"),
    path("schulung/modul/<slug:key>/pruefung/", learning.exam_begin, name="exam-begin"),
    path("schulung/modul/<slug:key>/uebung/", learning.practice, name="practice"),
    path("schulung/lektion/<int:pk>/", learning.lesson, name="lesson"),
    path("schulung/pruefung/<int:pk>/", learning.exam, name="exam"),
    path("schulung/zertifikat/<int:pk>/", learning.certificate, name="certificate"),
    path("schulung/zertifikat/<int:pk>/widerruf/", teaching.revocation, name="certificate-revoke"),
    path("schulung/pruefen/", teaching.queue, name="training-queue"),
    path("schulung/pruefen/<int:pk>/", teaching.marking, name="training-marking"),
    path("schulung/personen/", teaching.people, name="training-people"),
    path("schulung/personen/zertifikat/", teaching.grant, name="certificate-grant"),
    path("schulung/rollen/", roles.index, name="training-roles"),
    path("schulung/rollen/<slug:role>/", roles.show, name="training-role"),
    path("schulung/rollen/<slug:role>/aenderung/", roles.edit, name="training-role-edit"),
    path("schulung/faehigkeiten/", roles.skills, name="skills"),
    path("schulung/faehigkeiten/<int:pk>/", roles.skill, name="skill"),
    path("schulung/faehigkeiten/<int:pk>/ruhestand/", roles.retirement, name="skill-retire"),
    path("schulung/module/", editing.index, name="training-modules"),
    path("schulung/module/neu/", editing.module, name="module-new"),
    path("schulung/module/<int:pk>/", editing.module, name="module-edit"),
    path("schulung/module/<int:pk>/lektion/", editing.lesson, name="lesson-new"),
    path("schulung/module/<int:pk>/lektion/<int:lesson>/", editing.lesson, name="lesson-edit"),
    path("schulung/module/<int:pk>/lektion/<int:lesson>/loeschung/", editing.lesson_deletion, name="lesson-delete"),
    path("schulung/module/<int:pk>/lektion/<int:lesson>/medien/", editing.media, name="media-new"),
    path("schulung/medien/<int:pk>/", learning.media, name="media"),
    path("schulung/medien/<int:pk>/loeschung/", editing.media_deletion, name="media-delete"),
    path("schulung/module/<int:pk>/frage/", editing.question, name="exam-question-new"),
    path("schulung/module/<int:pk>/frage/<int:question>/", editing.question, name="exam-question"),
    path("schulung/module/<int:pk>/uebung/", editing.task, name="practice-task"),
    path("anforderungen/", editing.requirements, name="requirements"),
    path("anforderungen/<int:pk>/ende/", editing.requirement_end, name="requirement-end"),
]
QUALITY = [
    path("qualitaet/", reviewing.queue, name="quality"),
    path("qualitaet/bewertungen/<int:pk>/", reviewing.review, name="quality-review"),
    path("qualitaet/ergebnisse/", results.index, name="quality-results"),
    path("qualitaet/ergebnisse/<int:pk>/", results.show, name="quality-result"),
    path("qualitaet/ergebnisse/<int:pk>/einspruch/", results.dispute, name="quality-dispute"),
    path("qualitaet/zahlen/", planning.figures, name="quality-figures"),
    path("qualitaet/plaene/", planning.index, name="quality-plans"),
    path("qualitaet/plaene/neu/", planning.plan, name="quality-plan-new"),
    path("qualitaet/plaene/<int:pk>/", planning.plan, name="quality-plan"),
    path("qualitaet/boegen/neu/", planning.scorecard, name="scorecard-new"),
    path("qualitaet/boegen/<slug:key>/", planning.scorecard, name="scorecard"),
    path("coaching/", coaching.index, name="coaching"),
    path("coaching/personen/<int:pk>/", coaching.person, name="coached"),
    path("coaching/notizen/<int:pk>/antwort/", coaching.answer, name="note-answer"),
    path("coaching/coaches/", coaching.coaches, name="coaches"),
    path("coaching/coaches/<int:pk>/", coaching.naming, name="coach-name"),
]
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:conversations"), name="home"),
    path("zugang/<str:token>/", entry.link, name="link"),
    path("einrichten/<str:token>/", entry.setup, name="setup"),
    path("suche/", views.palette, name="palette"),
    *CONVERSATIONS,
    *CONTACTS,
    *CUSTOMERS,
    *HANDLING,
    *APPROVALS,
    *RULES,
    *CORRECTIONS,
    *KNOWLEDGE,
    *GROUP_REPLIES,
    *CAUSES,
    *ESCALATION,
    *LEDGER,
    *NETWORKS,
    *OPERATION,
    *PEOPLE,
    *TRAINING,
    *QUALITY,
]
