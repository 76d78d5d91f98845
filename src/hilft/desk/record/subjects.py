"""What an entry of the record is about: its name in a person's language, and its page."""

from typing import Final

from django.utils.translation import gettext_lazy as _

SUBJECTS: Final = {
    "approvals.approval": _("Approval"),
    "approvals.brokenglass": _("Release without a second person"),
    "approvals.remark": _("Remark"),
    "approvals.rule": _("Rule"),
    "audit.entry": _("Entry of the record"),
    "channels.account": _("Account"),
    "channels.event": _("Event"),
    "channels.override": _("Corrected fact"),
    "customers.system": _("Customer system"),
    "escalation.department": _("Department"),
    "escalation.handover": _("Hand-over"),
    "escalation.promise": _("Promise"),
    "escalation.schedule": _("Schedule"),
    "inbox.bulk": _("Many conversations"),
    "inbox.conversation": _("Conversation"),
    "inbox.intakerule": _("Rule"),
    "inbox.joining": _("Merge or split"),
    "inbox.savedview": _("Saved view"),
    "inbox.tag": _("Tag"),
    "inbox.duplicate": _("Link to a question"),
    "inbox.group": _("New question"),
    "inbox.judgement": _("Verdict"),
    "inbox.message": _("Message"),
    "knowledge.matching": _("Matching"),
    "knowledge.move": _("Merge or split"),
    "knowledge.question": _("Question"),
    "knowledge.version": _("Version"),
    "knowledge.wording": _("Wording"),
    "people.availability": _("Availability"),
    "people.apikey": _("Key for a program"),
    "people.contact": _("Contact"),
    "people.certificate": _("Certificate"),
    "people.requirement": _("Requirement"),
    "people.skill": _("Skill"),
    "people.councilmode": _("Works-council mode"),
    "people.team": _("Team"),
    "people.user": _("Member of staff"),
    "publishing.correction": _("Correction"),
    "publishing.correctionitem": _("Part of a correction"),
    "publishing.delivery": _("Delivery"),
    "publishing.draft": _("Draft"),
    "publishing.macro": _("Macro"),
    "publishing.groupreply": _("Reply to many"),
    "publishing.placement": _("Placement"),
    "quality.note": _("Coaching note"),
    "quality.plan": _("Plan of reviews"),
    "quality.sample": _("Reply drawn for review"),
    "quality.scorecard": _("Scorecard"),
    "training.attempt": _("Exam"),
    "training.examquestion": _("Exam question"),
    "training.lesson": _("Lesson"),
    "training.module": _("Module"),
    "training.practice": _("Practice reply"),
    "training.practicetask": _("Practice task"),
    "training.roleprofile": _("Role description"),
}

PAGES: Final = {
    "channels.account": "desk:account",
    "inbox.conversation": "desk:conversation",
    "knowledge.question": "desk:question",
    "people.contact": "desk:contact",
    "people.user": "desk:staff-edit",
    "publishing.correction": "desk:correction",
    "publishing.groupreply": "desk:group-reply",
    "publishing.placement": "desk:placement",
}
"""Subjects with a page of their own, where the person who reads the record may go."""

NEEDS: Final = {"people.user": "staff.manage", "publishing.correction": "correction.see"}
"""Subjects whose page takes more than seeing the desk."""
