"""Addresses of people: who they are, what they learn, how well it goes."""

from django.urls import path

from hilft.desk.people import council
from hilft.desk.people import views as people
from hilft.desk.quality import coaching, planning, results, reviewing
from hilft.desk.training import editing, learning, roles, teaching

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
