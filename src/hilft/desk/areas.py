"""The desk's areas: every page that the navigation leads to, in the groups in which people look for it."""

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Link(NamedTuple):
    """A page: seen by whoever has one of the permissions, or by everybody; `counted` names a number of the frame.

    `view` is what the page's context calls itself. `alert` says that the number wants somebody's attention, `only` that
    the link is there only while there is a number.
    """

    view: str
    label: str | Promise
    page: str
    icon: str
    key: str = ""
    may: Collection[str] = ()
    counted: str = ""
    alert: bool = False
    only: bool = False
    query: str = ""
    also: str = ""


class Group(NamedTuple):
    """Pages of one kind; the one without a title is always open."""

    code: str
    title: str | Promise
    links: Collection[Link]


def _list(
    view: str, label: str | Promise, icon: str, key: str, *, counted: bool = True, alert: bool = False, also: str = ""
) -> Link:
    """A view of conversations, counted by its own name."""
    number, query = view if counted else "", f"?view={view}"
    return Link(view, label, "desk:conversations", icon, key, (), number, alert, query=query, also=also)


AREAS: Final = (
    Group(
        "work",
        "",
        (
            _list("open", _("Open in the team"), "inbox", "g o"),
            _list("mine", _("Mine"), "user", "g m"),
            _list("unassigned", _("Unassigned"), "circle-dot", "g u"),
            _list("later", _("Later"), "alarm-clock", "g l"),
            _list("followups", _("Follow-ups"), "calendar", "g v", alert=True),
            Link("mentions", _("Mentions"), "desk:mentions", "bell", "g y", counted="mentions", alert=True),
            _list("done", _("Done"), "check", "g d", counted=False),
            _list("spam", _("Sorted out"), "ban", "g g", counted=False, also="foreign"),
            Link("approvals", _("Approvals"), "desk:approvals", "shield-check", "g f", counted="approvals", alert=True),
            Link("handovers", _("Hand-overs"), "desk:handovers", "arrow-up-right", "g x"),
            Link("deadlines", _("Deadlines"), "desk:deadlines", "timer", "g z", may=("deadline_see",)),
            Link("glass", _("Released alone"), "desk:glass", "octagon-alert", may=("glass_review",)),
            Link("stuck", _("Needs a person"), "desk:stuck", "hand", counted="stuck", alert=True, only=True),
            Link("contacts", _("Contacts"), "desk:contacts", "user"),
            Link("phone", _("New phone note"), "desk:phone-note", "phone", "g t", may=("draft_write",)),
        ),
    ),
    Group(
        "answers",
        _("Answers"),
        (
            Link("questions", _("Questions"), "desk:questions", "library", "g q"),
            Link("worklist", _("Work list"), "desk:worklist", "check-check", "g e", may=("knowledge_write",)),
            Link("groups", _("New questions"), "desk:groups", "layers", "g w", may=("knowledge_write",)),
            Link("causes", _("Causes"), "desk:causes", "flag", "g i"),
            Link("placements", _("Placements"), "desk:placements", "map-pin", "g p"),
            Link("corrections", _("Corrections"), "desk:corrections", "refresh-cw", "g k", may=("correction_see",)),
            Link("group-replies", _("Replies to many"), "desk:group-replies", "users", "g s"),
            Link("matching", _("Matching"), "desk:matching", "gauge", "g h", may=("knowledge_write",)),
            Link("selfhelp", _("Solved without contact"), "desk:selfhelp", "chart-line"),
            Link("community", _("Community"), "community:home", "globe", "g c"),
        ),
    ),
    Group(
        "training",
        _("Training"),
        (
            Link("training", _("Your training"), "desk:training", "graduation-cap"),
            Link(
                "training-queue",
                _("Practice to mark"),
                "desk:training-queue",
                "check-check",
                may=("training_teach",),
            ),
            Link("training-modules", _("Modules"), "desk:training-modules", "book-open", may=("training_teach",)),
            Link("training-roles", _("Role descriptions"), "desk:training-roles", "users"),
            Link("training-people", _("Certificates"), "desk:training-people", "badge-check", may=("certificate_see",)),
        ),
    ),
    Group(
        "quality",
        _("Quality"),
        (
            Link("own-record", _("Your record"), "desk:own-record", "gauge", may=("draft_write",)),
            Link("quality", _("Replies to review"), "desk:quality", "eye", may=("quality_review",)),
            Link("quality-results", _("Your reviewed replies"), "desk:quality-results", "star", may=("draft_write",)),
            Link("coaching", _("Coaching"), "desk:coaching", "message-square-text"),
            Link(
                "quality-figures",
                _("Quality of the team"),
                "desk:quality-figures",
                "chart-line",
                may=("quality_review",),
            ),
            Link(
                "quality-plans",
                _("Plans and scorecards"),
                "desk:quality-plans",
                "file-text",
                may=("quality_manage",),
            ),
            Link("coaches", _("Coaches"), "desk:coaches", "user-plus", may=("quality_manage",)),
        ),
    ),
    Group(
        "rules",
        _("Rules and tools"),
        (
            Link("rules", _("Rules for four eyes"), "desk:rules", "scale", "g r"),
            Link("intake-rules", _("Rules for what comes in"), "desk:intake-rules", "list-filter"),
            Link("macros", _("Macros"), "desk:macros", "layers", may=("draft_write",)),
            Link("tags", _("Tags"), "desk:tags", "tag"),
            Link("saved-views", _("Saved views"), "desk:saved-views", "bookmark"),
            Link("networks", _("Networks"), "desk:networks", "scale", "g n"),
            Link("escalation", _("Hours and promises"), "desk:deadline-settings", "clock", may=("escalation_manage",)),
            Link("departments", _("Departments"), "desk:departments", "users", may=("escalation_manage",)),
            Link(
                "requirements",
                _("Required certificates"),
                "desk:requirements",
                "lock",
                may=("requirement_manage",),
            ),
        ),
    ),
    Group(
        "operation",
        _("Operation"),
        (
            Link(
                "accounts",
                _("Accounts and health"),
                "desk:accounts",
                "activity",
                "g a",
                may=("health_see", "account_manage"),
                counted="troubled",
                alert=True,
            ),
            Link("costs", _("Costs"), "desk:costs", "chart-line", "g b", may=("cost_see",)),
            Link("record", _("Record"), "desk:record", "fingerprint", "g j", may=("audit_see",)),
            Link("people", _("People"), "desk:people", "calendar", may=("people_see",)),
            Link("staff", _("Staff"), "desk:staff", "users", may=("staff_manage",)),
            Link("rights", _("Rights over answers"), "desk:rights", "graduation-cap", may=("right_grant",)),
            Link("customers", _("Customer system"), "desk:customer-system", "users", may=("customer_manage",)),
            Link("keys", _("Keys for programs"), "desk:keys", "key-round", may=("key_manage",)),
        ),
    ),
)


class Shown(NamedTuple):
    """A link as somebody sees it now."""

    link: Link
    here: bool
    number: int | None


class ShownGroup(NamedTuple):
    """A group as somebody sees it now; `alerts` is what wants attention in it."""

    group: Group
    links: list[Shown]
    open: bool
    alerts: int


def shown(
    *, view: str, may: Mapping[str, bool], number: Callable[[str], int | None], opened: Collection[str]
) -> list[ShownGroup]:
    """The groups with the links that this person may follow; a group that is where they are is open.

    Only what is shown is counted, by `number`.
    """
    found = []
    for group in AREAS:
        links = []
        for link in group.links:
            if link.may and not any(may[name] for name in link.may):
                continue
            here, count = bool(view) and view in (link.view, link.also), number(link.counted) if link.counted else None
            if here or count or not link.only:
                links.append(Shown(link, here, count))
        alerts = sum(one.number or 0 for one in links if one.link.alert)
        opens = not group.title or group.code in opened or any(one.here for one in links)
        if links:
            found.append(ShownGroup(group, links, opens, alerts))
    return found
