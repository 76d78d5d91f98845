"""Writing on Instagram: comments, replies, answers to mentions, hiding, deleting; nothing can be edited."""

from typing import Any

from hilft.practice.accounts import BRAND
from hilft.practice.meta import instagram_nodes as nodes
from hilft.practice.meta.access import may_write
from hilft.practice.meta.call import Call
from hilft.practice.meta.errors import no_such_object, numbered, required
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Thing

SCOPES = ("instagram_basic", "instagram_manage_comments")


def _text(call: Call) -> str:
    may_write(call.token, *SCOPES)
    call.writes()
    return call.text("message", rules().lengths.instagram_comment_characters)


def comment(call: Call, media: Thing) -> dict[str, Any]:
    """POST /{media}/comments; refused on live videos."""
    call.only("message")
    text = _text(call)
    if media.surface not in ("FEED", "REELS"):
        raise numbered(100, "Comments cannot be created on this media")
    return call.made(nodes.COMMENT, call.acts.comment(BRAND, text, on=media))


def reply(call: Call, comment: Thing) -> dict[str, Any]:
    """POST /{comment}/replies: not to hidden comments, not on live videos; a reply's reply joins the first comment."""
    call.only("message")
    text = _text(call)
    root = call.store.thing(comment.root)
    if comment.hidden:
        raise numbered(100, "Replies cannot be created on hidden comments")
    if root is None or root.surface not in ("FEED", "REELS"):
        raise numbered(100, "Replies cannot be created on comments of this media")
    return call.made(nodes.COMMENT, call.acts.comment(BRAND, text, on=comment))


def mention(call: Call) -> dict[str, Any]:
    """POST /{ig}/mentions: answer a caption (media_id), or a comment that names us (media_id and comment_id)."""
    call.only("message", "media_id", "comment_id")
    text = _text(call)
    media_id, comment_id = call.parameters.get("media_id", ""), call.parameters.get("comment_id", "")
    if not media_id:
        raise required("media_id")
    if not comment_id:
        return {"id": call.acts.comment(BRAND, text, on=nodes.mentioned(call.view, media_id, "media")).id}
    comment = nodes.mentioned(call.view, comment_id, "ig_comment")
    if comment.root != media_id:
        raise numbered(100, "The comment does not belong to the media")
    return {"id": call.acts.comment(BRAND, text, on=comment).id}


def change(call: Call, comment: Thing) -> dict[str, Any]:
    """POST /{comment}?hide=: hide somebody else's comment or show it again. A text cannot be changed."""
    if "message" in call.parameters or "text" in call.parameters:
        raise no_such_object("POST", comment.id)
    call.only("hide")
    may_write(call.token, *SCOPES)
    call.writes()
    if "hide" not in call.parameters:
        raise required("hide")
    hidden = call.flag("hide")
    if comment.own:
        raise numbered(100, "Comments of the media's owner cannot be hidden")
    call.acts.hide(comment, hidden=hidden)
    return {"success": True}


def delete(call: Call, comment: Thing) -> dict[str, Any]:
    """DELETE of a comment on our media, whoever wrote it."""
    call.only()
    may_write(call.token, *SCOPES)
    call.writes()
    call.acts.remove(comment)
    return {"success": True}
