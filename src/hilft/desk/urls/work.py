"""Addresses of the daily work: conversations, contacts, approvals, corrections, deadlines."""

from django.urls import path

from hilft.desk.approvals import views as approvals
from hilft.desk.causes import views as causes
from hilft.desk.contacts import merging as one_person
from hilft.desk.contacts import notes as contact_notes
from hilft.desk.contacts import views as contacts
from hilft.desk.conversations import actions, views
from hilft.desk.corrections import views as corrections
from hilft.desk.customers import numbers as customer_numbers
from hilft.desk.customers import record as customer_record
from hilft.desk.customers import settings as customer_system
from hilft.desk.customers import verifying as customer_verifying
from hilft.desk.duplicates import views as duplicates
from hilft.desk.escalation import deadlines, handovers
from hilft.desk.escalation import settings as escalation
from hilft.desk.group_replies import views as group_replies
from hilft.desk.handling import intake_rules, joining, lists, macros, many, saved, steps
from hilft.desk.phone import views as phone
from hilft.desk.proposals import flow

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
