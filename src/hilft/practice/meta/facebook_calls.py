"""Writing on Facebook: posts of the page, comments, edits of own texts, hiding, deleting."""

from typing import Any

from hilft.practice.accounts import BRAND
from hilft.practice.meta import facebook_nodes as nodes
from hilft.practice.meta.access import may_write
from hilft.practice.meta.call import Call
from hilft.practice.meta.errors import numbered, required
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Thing


def publish(call: Call) -> dict[str, Any]:
    """POST /{page}/feed."""
    call.only("message")
    may_write(call.token, "pages_manage_posts")
    call.writes()
    text = call.text("message", rules().lengths.facebook_post_characters)
    own = [post for post in call.store.tops("post") if post.own]
    if own and own[-1].text == text:
        raise numbered(506, "Duplicate status message")
    return call.made(nodes.POST, call.acts.post(BRAND, text, surface="wall"))


def comment(call: Call, on: Thing) -> dict[str, Any]:
    """POST /{post}/comments and /{comment}/comments; an answer to an answer is filed under the first comment."""
    call.only("message")
    may_write(call.token, "pages_manage_engagement")
    call.writes()
    text = call.text("message", rules().lengths.facebook_comment_characters)
    return call.made(nodes.COMMENT, call.acts.comment(BRAND, text, on=on))


def change(call: Call, thing: Thing) -> dict[str, Any]:
    """POST /{comment} or /{post}: `message` changes an own text, `is_hidden` hides somebody else's comment."""
    call.only("message", "is_hidden")
    may_write(call.token, "pages_manage_engagement" if thing.kind == "comment" else "pages_manage_posts")
    call.writes()
    if not call.parameters.keys() & {"message", "is_hidden"}:
        raise required("message")
    if "is_hidden" in call.parameters:
        _hide(call, thing)
    if "message" in call.parameters:
        if not thing.own:
            raise numbered(200, "Permissions error: only the author can edit this object", status=403)
        lengths = rules().lengths
        most = lengths.facebook_comment_characters if thing.kind == "comment" else lengths.facebook_post_characters
        call.acts.rewrite(thing, call.text("message", most))
    return {"success": True}


def _hide(call: Call, thing: Thing) -> None:
    if thing.kind != "comment" or thing.own:
        raise numbered(200, "Permissions error: this object cannot be hidden", status=403)
    call.acts.hide(thing, hidden=call.flag("is_hidden"))


def delete(call: Call, thing: Thing) -> dict[str, Any]:
    """DELETE of a comment on the page, of an own comment anywhere, or of a post on the page."""
    call.only()
    may_write(call.token, "pages_manage_engagement" if thing.kind == "comment" else "pages_manage_posts")
    call.writes()
    root = call.store.thing(thing.root)
    if not thing.own and (root is None or not (root.own or root.surface == "wall")):
        raise numbered(200, "Permissions error", status=403)
    call.acts.remove(thing)
    return {"success": True}
