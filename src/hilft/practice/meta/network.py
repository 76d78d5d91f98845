"""What happens on the network: every act is stored and told to the app, whoever did it by whichever way."""

from typing import Any, Literal, Protocol

from hilft.practice.accounts import BRAND
from hilft.practice.meta import payloads
from hilft.practice.meta.facebook_nodes import MENTION
from hilft.practice.meta.people import INSTAGRAM_ID, PAGE_ID, Network
from hilft.practice.meta.store import Conversation, Letter, Store, Thing

FIRST_POST = "Moin! Hier antwortet das Service-Team von NordNetz, Mo–So 7–22 Uhr. Fragt uns. (Übungsnetz)"

type Topic = Literal["page", "instagram"]


class Herald(Protocol):
    """Where news for the app goes; `group` is "changes" or "messaging"."""

    def tell(self, topic: Topic, owner: str, field: str, group: str, item: dict[str, Any]) -> None:
        """Hand one update on, if the app wants that field."""


class Acts:
    """Acts of people and of the brand."""

    def __init__(self, store: Store, herald: Herald) -> None:
        self._store = store
        self._herald = herald

    def post(self, author: str, text: str, *, surface: str) -> Thing:
        """A post: the page's own or a visitor's on its "wall", or a person's own "elsewhere"."""
        post = self._store.add("post", author, text, surface=surface)
        if surface == "wall":
            self._feed(post, "add", post)
        elif MENTION.search(text):
            self._change("page", "mention", payloads.page_mention(post))
        return post

    def media(self, author: str, caption: str, *, surface: str) -> Thing:
        """A photo, reel, story or live video; one of somebody else that names us is told as a mention."""
        media = self._store.add("media", author, caption, surface=surface)
        if author != BRAND and MENTION.search(caption) and surface != "STORY":
            self._change("instagram", "mentions", payloads.instagram_mention(media))
        return media

    def comment(self, author: str, text: str, *, on: Thing) -> Thing:
        """A comment on a post or media object, or a reply to a comment."""
        kind: Literal["comment", "ig_comment"] = "comment" if on.network == "facebook" else "ig_comment"
        comment = self._store.add(kind, author, text, parent=on)
        root = self._root(comment)
        ours = root.own or root.surface == "wall"
        named = author != BRAND and MENTION.search(text) is not None
        if kind == "comment":
            if ours:
                self._feed(comment, "add", root)
            elif named:
                self._change("page", "mention", payloads.page_mention(comment))
            return comment
        if root.own:
            field = "live_comments" if root.surface == "LIVE" else "comments"
            self._change("instagram", field, payloads.instagram_comment(comment, root))
        if named:
            self._change("instagram", "mentions", payloads.instagram_mention(comment))
        return comment

    def rewrite(self, thing: Thing, text: str) -> Thing:
        """Change a Facebook post's or comment's text."""
        changed = self._store.rewrite(thing, text)
        root = self._root(changed)
        if root.own or root.surface == "wall":
            self._feed(changed, "edited", root)
        return changed

    def hide(self, thing: Thing, *, hidden: bool) -> Thing:
        """Hide a comment, or show it again; Instagram tells nobody."""
        changed = self._store.hide(thing, hidden=hidden)
        if thing.network == "facebook" and thing.hidden != hidden:
            self._feed(changed, "hide" if hidden else "unhide", self._root(thing))
        return changed

    def remove(self, thing: Thing) -> None:
        """Delete something; Facebook tells of the thing itself, Instagram of nothing."""
        root = self._root(thing)
        self._store.remove(thing)
        if thing.network == "facebook" and (root.own or root.surface == "wall"):
            self._feed(thing, "remove", root)

    def write(self, network: Network, handle: str, text: str, *, by_brand: bool, comment: str = "") -> Letter:
        """A private message between the brand and a person; ours come back as an echo."""
        author = BRAND if by_brand else handle
        letter = self._store.write(network, handle, text, author=author, comment=comment)
        field = "message_echoes" if by_brand and network == "facebook" else "messages"
        conversation = self._conversation(letter)
        self._messaging(conversation, field, payloads.message(conversation, letter))
        return letter

    def reword(self, letter: Letter, text: str) -> Letter:
        """A person changes a message on Messenger."""
        changed = self._store.reword(letter, text)
        conversation = self._conversation(letter)
        now = self._store.clock.now()
        self._messaging(conversation, "message_edits", payloads.message_edit(conversation, changed, now))
        return changed

    def unsend(self, letter: Letter) -> None:
        """A person takes a message back on Instagram."""
        conversation = self._conversation(letter)
        self._store.unsend(letter)
        now = self._store.clock.now()
        self._messaging(conversation, "messages", payloads.message_unsent(conversation, letter, now))

    def read(self, conversation: Conversation) -> bool:
        """A person reads what we wrote; False when there is nothing."""
        ours = [letter for letter in self._store.letters(conversation.id) if letter.author == BRAND]
        if not ours:
            return False
        field = "message_reads" if conversation.network == "facebook" else "messaging_seen"
        self._messaging(conversation, field, payloads.read(conversation, ours[-1], self._store.clock.now()))
        return True

    def _root(self, thing: Thing) -> Thing:
        found = self._store.thing(thing.root)
        assert found is not None
        return found

    def _conversation(self, letter: Letter) -> Conversation:
        found = self._store.conversation(letter.conversation)
        assert found is not None
        return found

    def _feed(self, thing: Thing, verb: payloads.Verb, root: Thing) -> None:
        self._change("page", "feed", payloads.feed(thing, verb, root))

    def _change(self, topic: Topic, field: str, value: dict[str, Any]) -> None:
        owner = PAGE_ID if topic == "page" else INSTAGRAM_ID
        self._herald.tell(topic, owner, field, "changes", {"value": value, "field": field})

    def _messaging(self, conversation: Conversation, field: str, item: dict[str, Any]) -> None:
        if conversation.network == "facebook":
            self._herald.tell("page", PAGE_ID, field, "messaging", item)
        else:
            self._herald.tell("instagram", INSTAGRAM_ID, field, "messaging", item)


def open_for_business(store: Store) -> None:
    """The brand's first post and first picture, for people to comment on, if there are none."""
    if not store.tops("post"):
        store.add("post", BRAND, FIRST_POST, surface="wall")
    if not store.tops("media"):
        store.add("media", BRAND, FIRST_POST, surface="FEED")
