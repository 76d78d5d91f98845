"""What differs between Facebook and Instagram where both speak the Graph API."""

from __future__ import annotations

import msgspec


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """One network of Meta: `owner` is the setting with our id there, `use_case` the limit its reading counts against,
    `text` the field that holds a comment's text, `scopes` the rights a token needs."""

    kind: str
    name: str
    inbox: str
    platform: str
    owner: str
    use_case: str
    text: str
    scopes: frozenset[str]


FACEBOOK = Network(
    kind="facebook",
    name="Facebook",
    inbox="Messenger",
    platform="messenger",
    owner="page_id",
    use_case="pages",
    text="message",
    scopes=frozenset(
        {"pages_read_engagement", "pages_read_user_content", "pages_manage_engagement", "pages_messaging"}
    ),
)
INSTAGRAM = Network(
    kind="instagram",
    name="Instagram",
    inbox="Instagram messages",
    platform="instagram",
    owner="instagram_id",
    use_case="instagram",
    text="text",
    scopes=frozenset({"instagram_basic", "instagram_manage_comments", "instagram_manage_messages", "pages_messaging"}),
)
