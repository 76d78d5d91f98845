"""Page, PagePost, Comment and Messenger profile: their fields and edges as docs/graph-api/reference lists them."""

import re
from typing import Any

from hilft.practice.accounts import BRAND
from hilft.practice.meta.clock import stamp
from hilft.practice.meta.errors import no_such_object, numbered
from hilft.practice.meta.fields import Field
from hilft.practice.meta.inbox_nodes import conversations_of
from hilft.practice.meta.people import INSTAGRAM_ID, PAGE_ID, PAGE_NAME, name_of, scoped_id
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Thing
from hilft.practice.meta.view import ABSENT, NodeType, View, one_of

SITE = "https://www.facebook.com"
MENTION = re.compile(rf"@{BRAND}\b", re.IGNORECASE)
"""How a text names the page or the Instagram account."""


def reachable(view: View, thing: Thing) -> bool:
    """Whether our page may see a post or comment: it stands on the page, or the page is named there."""
    root = view.store.thing(thing.root)
    if root is None or root.own or root.surface == "wall":
        return root is not None
    return any(MENTION.search(other.text) for other in [root, *view.store.below(root.id)])


def can_reply_privately(view: View, thing: Thing) -> bool:
    """Whether the one private reply to a person's comment or visitor post is still open."""
    root = view.store.thing(thing.root)
    on_page = root is not None and (root.own or root.surface == "wall")
    young = view.store.clock.now() - thing.created_at <= rules().windows.private_reply
    return on_page and not thing.own and thing.answered_at is None and young


def permalink(thing: Thing) -> str:
    """Where people see it."""
    page, _, post = thing.root.partition("_")
    address = f"{SITE}/{page}/posts/{post}"
    return address if thing.id == thing.root else f"{address}?comment_id={thing.id.rpartition('_')[2]}"


def person(handle: str) -> dict[str, str]:
    """A person or the page, by page-scoped id."""
    return {"name": name_of(handle), "id": scoped_id(handle, "facebook")}


def _from(view: View, thing: Thing, field: Field) -> Any:
    """People are named to those with `pages_read_user_content` only."""
    visible = thing.own or "pages_read_user_content" in view.token.scopes
    return person(thing.author) if visible else ABSENT


def _tags(view: View, thing: Thing, field: Field) -> Any:
    found = [
        {"id": PAGE_ID, "name": PAGE_NAME, "type": "page", "offset": m.start(), "length": len(m.group())}
        for m in MENTION.finditer(thing.text)
    ]
    return found or ABSENT


def _parent(view: View, thing: Thing, field: Field) -> Any:
    parent = view.store.thing(thing.parent) if thing.is_reply else None
    return view.render(COMMENT, parent, field.fields) if parent else ABSENT


def _private_conversation(view: View, thing: Thing, field: Field) -> Any:
    if thing.answered_at is None:
        return ABSENT
    found = view.store.conversation_with("facebook", thing.author)
    return {"id": found.id, "link": f"/{PAGE_ID}/inbox/{found.id}"} if found else ABSENT


def comments_of(view: View, thing: Thing, field: Field) -> dict[str, Any]:
    """The comments edge of a post or comment: filter toplevel or stream, order chronological or reversed."""
    order = one_of("order", field.modifiers.get("order", ""), "chronological", "reverse_chronological")
    stream = one_of("filter", field.modifiers.get("filter", ""), "toplevel", "stream") == "stream"
    whole = view.store.below(thing.id) if stream and thing.id == thing.root else view.store.children(thing.id)
    items = whole if order == "chronological" else whole[::-1]
    answer = view.edge(items, COMMENT, field, owner=thing.id)
    if field.modifiers.get("summary", "").lower() in ("1", "true"):
        answer["summary"] = {"order": order, "total_count": len(whole), "can_comment": True}
    return answer


def _posts(view: View, field: Field, *, own_only: bool) -> dict[str, Any]:
    posts = [p for p in view.store.tops("post") if p.own or (p.surface == "wall" and not own_only)]
    return view.edge(posts[::-1], POST, field, owner=PAGE_ID)


def _tagged(view: View, field: Field) -> dict[str, Any]:
    posts = [p for p in view.store.tops("post") if p.surface == "elsewhere" and MENTION.search(p.text)]
    return view.edge(posts[::-1], POST, field, owner=PAGE_ID)


def find(view: View, object_id: str, method: str = "GET") -> Thing:
    """A post or comment that our page may see; raises the error that hides why not."""
    thing = view.store.thing(object_id)
    if thing is None or thing.network != "facebook" or not reachable(view, thing):
        raise no_such_object(method, object_id)
    return thing


def profile_of(view: View, handle: str, fields: list[Field] | None) -> dict[str, Any]:
    """A person who wrote to the page; others stay unknown."""
    if view.store.conversation_with("facebook", handle) is None:
        raise no_such_object("GET", scoped_id(handle, "facebook"))
    if "pages_messaging" not in view.token.scopes:
        raise numbered(230, "Requires pages_messaging permission to manage the object", status=403)
    return view.render(PROFILE, handle, fields)


PROFILE = NodeType(
    "User",
    ("first_name", "last_name", "profile_pic"),
    {
        "id": lambda view, handle, field: scoped_id(handle, "facebook"),
        "name": lambda view, handle, field: name_of(handle),
        "first_name": lambda view, handle, field: name_of(handle).partition(" ")[0],
        "last_name": lambda view, handle, field: name_of(handle).partition(" ")[2],
        "profile_pic": lambda view, handle, field: f"{SITE}/practice/{scoped_id(handle, 'facebook')}.jpg",
    },
)

COMMENT = NodeType(
    "Comment",
    ("created_time", "from", "message"),
    {
        "id": lambda view, thing, field: thing.id,
        "message": lambda view, thing, field: thing.text,
        "created_time": lambda view, thing, field: stamp(thing.created_at),
        "from": _from,
        "parent": _parent,
        "object": lambda view, thing, field: {"id": thing.root},
        "attachment": lambda view, thing, field: ABSENT,
        "can_comment": lambda view, thing, field: True,
        "can_like": lambda view, thing, field: True,
        "can_hide": lambda view, thing, field: not thing.own,
        "can_remove": lambda view, thing, field: True,
        "can_reply_privately": lambda view, thing, field: can_reply_privately(view, thing),
        "comment_count": lambda view, thing, field: len(view.store.children(thing.id)),
        "like_count": lambda view, thing, field: 0,
        "user_likes": lambda view, thing, field: False,
        "is_hidden": lambda view, thing, field: thing.hidden,
        "is_private": lambda view, thing, field: False,
        "message_tags": _tags,
        "permalink_url": lambda view, thing, field: permalink(thing),
        "private_reply_conversation": _private_conversation,
    },
    {"comments": comments_of},
)

POST = NodeType(
    "PagePost",
    ("created_time", "message"),
    {
        "id": lambda view, thing, field: thing.id,
        "message": lambda view, thing, field: thing.text,
        "created_time": lambda view, thing, field: stamp(thing.created_at),
        "updated_time": lambda view, thing, field: stamp(thing.edited_at or thing.created_at),
        "from": _from,
        "is_hidden": lambda view, thing, field: thing.hidden,
        "is_published": lambda view, thing, field: True,
        "message_tags": _tags,
        "permalink_url": lambda view, thing, field: permalink(thing),
        "status_type": lambda view, thing, field: "mobile_status_update" if thing.own else "wall_post",
        "can_reply_privately": lambda view, thing, field: can_reply_privately(view, thing),
    },
    {"comments": comments_of},
)

PAGE = NodeType(
    "Page",
    ("name",),
    {
        "id": lambda view, page, field: PAGE_ID,
        "name": lambda view, page, field: PAGE_NAME,
        "username": lambda view, page, field: BRAND,
        "link": lambda view, page, field: f"{SITE}/{BRAND}",
        "about": lambda view, page, field: "Das Service-Team von NordNetz. (Übungsnetz)",
        "category": lambda view, page, field: "Telecommunication company",
        "fan_count": lambda view, page, field: 0,
        "followers_count": lambda view, page, field: 0,
        "instagram_business_account": lambda view, page, field: {"id": INSTAGRAM_ID},
        "connected_instagram_account": lambda view, page, field: {"id": INSTAGRAM_ID},
        "access_token": lambda view, page, field: view.token.token,
    },
    {
        "feed": lambda view, page, field: _posts(view, field, own_only=False),
        "posts": lambda view, page, field: _posts(view, field, own_only=True),
        "tagged": lambda view, page, field: _tagged(view, field),
        "conversations": lambda view, page, field: conversations_of(view, field),
    },
)
