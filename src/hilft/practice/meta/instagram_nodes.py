"""IG User, IG Media and IG Comment: fields and edges after instagram-graph-api/reference (read 2026-11-24).

What others wrote on media of their own is read through `mentioned_comment` and `mentioned_media` only, and only where
the account is named.
"""

from typing import Any

from hilft.practice.accounts import BRAND
from hilft.practice.meta.clock import stamp
from hilft.practice.meta.errors import GraphError, no_such_object, numbered
from hilft.practice.meta.facebook_nodes import MENTION
from hilft.practice.meta.fields import Field
from hilft.practice.meta.people import INSTAGRAM_ID, USERNAME, name_of, scoped_id
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Thing
from hilft.practice.meta.view import ABSENT, NodeType, View

SITE = "https://www.instagram.com"


def surface_of(media: Thing) -> str:
    """The surface as the API names it: a live video stays one when it is over."""
    return "LIVE" if media.surface == "LIVE_OVER" else media.surface


def author(handle: str) -> dict[str, str]:
    """A person or the account itself, by Instagram-scoped id."""
    return {"id": scoped_id(handle, "instagram"), "username": handle}


def own_media(view: View, media_id: str, method: str = "GET") -> Thing:
    """A media object of our account."""
    media = view.store.thing(media_id)
    if media is None or media.kind != "media" or not media.own:
        raise no_such_object(method, media_id)
    return media


def own_comment(view: View, comment_id: str, method: str = "GET") -> Thing:
    """A comment on our media; those on others' media cannot be asked for here, even where we are named."""
    comment = view.store.thing(comment_id)
    if comment is None or comment.kind != "ig_comment":
        raise no_such_object(method, comment_id)
    own_media(view, comment.root, method)
    return comment


def mentioned(view: View, thing_id: str, kind: str) -> Thing:
    """A comment or media object of others that names our account."""
    thing = view.store.thing(thing_id)
    if thing is None or thing.kind != kind or thing.own or not MENTION.search(thing.text):
        raise numbered(100, f"The requested {kind.removeprefix('ig_')} is not available or does not mention the user")
    return thing


def _root(view: View, thing: Thing) -> Thing:
    root = view.store.thing(thing.root)
    assert root is not None
    return root


def _media_of(view: View, thing: Thing, field: Field) -> Any:
    if field.fields is None:
        return {"id": thing.root}
    media = _root(view, thing)
    return view.render(MEDIA if media.own else MENTIONED_MEDIA, media, field.fields)


def _from(view: View, thing: Thing, field: Field) -> Any:
    return author(thing.author) if "instagram_manage_comments" in view.token.scopes else ABSENT


def replies_of(view: View, thing: Thing, field: Field) -> Any:
    """The replies to a comment, oldest first."""
    return view.edge(view.store.children(thing.id), COMMENT, field, owner=thing.id)


def comments_of(view: View, thing: Thing, field: Field) -> Any:
    """The top-level comments on a media object, newest first, at most 50 at once."""
    most = rules().paging.instagram_comments
    return view.edge(view.store.children(thing.id)[::-1], COMMENT, field, owner=thing.id, most=most)


def _media(view: View, field: Field) -> dict[str, Any]:
    media = [m for m in view.store.tops("media") if m.own and m.surface in ("FEED", "REELS")]
    return view.edge(media[::-1], MEDIA, field, owner=INSTAGRAM_ID)


def _mentioned(view: View, field: Field, parameter: str, kind: str, node: NodeType) -> Any:
    thing_id = field.modifiers.get(parameter, "")
    if not thing_id:
        raise GraphError(100, f"(#100) The parameter {parameter} is required")
    return view.render(node, mentioned(view, thing_id, kind), field.fields)


def profile_of(view: View, handle: str, fields: list[Field] | None) -> dict[str, Any]:
    """A person who wrote to the account; before that the person has not agreed to be known."""
    if view.store.conversation_with("instagram", handle) is None:
        raise numbered(230, "User consent is required to access user profile", status=403)
    if "instagram_manage_messages" not in view.token.scopes:
        raise numbered(230, "Requires instagram_manage_messages permission to manage the object", status=403)
    return view.render(PROFILE, handle, fields)


PROFILE = NodeType(
    "IGBusinessScopedUser",
    ("name", "username"),
    {
        "id": lambda view, handle, field: scoped_id(handle, "instagram"),
        "name": lambda view, handle, field: name_of(handle),
        "username": lambda view, handle, field: handle,
        "profile_pic": lambda view, handle, field: f"{SITE}/practice/{handle}.jpg",
        "follower_count": lambda view, handle, field: 0,
        "is_verified_user": lambda view, handle, field: False,
        "is_user_follow_business": lambda view, handle, field: False,
        "is_business_follow_user": lambda view, handle, field: False,
    },
)

MENTIONED_COMMENT = NodeType(
    "ShadowIGComment",
    (),
    {
        "id": lambda view, thing, field: thing.id,
        "text": lambda view, thing, field: thing.text,
        "timestamp": lambda view, thing, field: stamp(thing.created_at),
        "like_count": lambda view, thing, field: 0,
        "media": _media_of,
    },
)

COMMENT = NodeType(
    "ShadowIGComment",
    ("timestamp", "text"),
    {
        **MENTIONED_COMMENT.fields,
        "from": _from,
        "username": lambda view, thing, field: thing.author,
        "user": lambda view, thing, field: {"id": INSTAGRAM_ID} if thing.own else ABSENT,
        "hidden": lambda view, thing, field: thing.hidden,
        "parent_id": lambda view, thing, field: thing.parent if thing.is_reply else ABSENT,
        "legacy_instagram_comment_id": lambda view, thing, field: thing.id,
    },
    {"replies": replies_of},
)


def _mentioned_comments(view: View, thing: Thing, field: Field) -> Any:
    naming = [comment for comment in view.store.below(thing.id) if MENTION.search(comment.text)]
    return view.edge(naming[::-1], MENTIONED_COMMENT, field, owner=thing.id)


MENTIONED_MEDIA = NodeType(
    "ShadowIGMedia",
    (),
    {
        "id": lambda view, thing, field: thing.id,
        "caption": lambda view, thing, field: thing.text,
        "timestamp": lambda view, thing, field: stamp(thing.created_at),
        "comments_count": lambda view, thing, field: len(view.store.below(thing.id)),
        "like_count": lambda view, thing, field: 0,
        "media_type": lambda view, thing, field: "VIDEO" if thing.surface in ("REELS", "LIVE") else "IMAGE",
        "media_url": lambda view, thing, field: f"{SITE}/practice/{thing.id}.jpg",
        "owner": lambda view, thing, field: {"id": scoped_id(thing.author, "instagram")},
        "username": lambda view, thing, field: thing.author,
    },
    {"comments": _mentioned_comments},
)

MEDIA = NodeType(
    "ShadowIGMedia",
    (),
    {
        **MENTIONED_MEDIA.fields,
        "permalink": lambda view, thing, field: f"{SITE}/p/{thing.id}/",
        "shortcode": lambda view, thing, field: thing.id,
        "media_product_type": lambda view, thing, field: surface_of(thing),
        "is_comment_enabled": lambda view, thing, field: True,
        "is_shared_to_feed": lambda view, thing, field: thing.surface == "REELS" or ABSENT,
    },
    {"comments": comments_of},
)

USER = NodeType(
    "ShadowIGUser",
    (),
    {
        "id": lambda view, user, field: INSTAGRAM_ID,
        "username": lambda view, user, field: USERNAME,
        "name": lambda view, user, field: name_of(BRAND),
        "biography": lambda view, user, field: "Das Service-Team von NordNetz. (Übungsnetz)",
        "website": lambda view, user, field: "https://nordnetz.example/",
        "followers_count": lambda view, user, field: 0,
        "follows_count": lambda view, user, field: 0,
        "media_count": lambda view, user, field: len([m for m in view.store.tops("media") if m.own]),
        "profile_picture_url": lambda view, user, field: f"{SITE}/practice/{USERNAME}.jpg",
        "mentioned_comment": lambda view, user, field: _mentioned(
            view, field, "comment_id", "ig_comment", MENTIONED_COMMENT
        ),
        "mentioned_media": lambda view, user, field: _mentioned(view, field, "media_id", "media", MENTIONED_MEDIA),
    },
    {"media": lambda view, user, field: _media(view, field)},
)
