"""The query language of search and of stream rules: words, phrases, operators, minus, OR and parentheses."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from hilft.practice.x.posts import Post, Posts
from hilft.practice.x.weight import links, mentioned

_TOKEN: Final = re.compile(r'\s*(\(|\)|-?"[^"]*"|-?[^\s()"]+(?:"[^"]*")?)')
_FLAGS: Final = {"is:reply", "is:quote", "is:retweet", "has:links", "has:mentions"}
_VALUED: Final = {"from", "to", "conversation_id", "in_reply_to_tweet_id", "lang"}


class Facts(NamedTuple):
    """What a query can ask of a post; handles in lower case, `words` the text in lower case."""

    author: tuple[str, str]
    answered: tuple[str, str]
    conversation: str
    reply_to: str
    handles: frozenset[str]
    words: str
    flags: frozenset[str]


type Matcher = Callable[[Facts], bool]


class BadQuery(ValueError):
    """A query that X would not take; the text says where."""


def facts(post: Post, posts: Posts) -> Facts:
    """The post as queries see it."""
    author = posts.person(user_id=post.author)
    above = posts.get(post.reply_to, deleted=True) if post.reply_to else None
    answered = posts.person(user_id=above.author) if above else None
    given = {
        "is:reply": above,
        "is:quote": post.quote,
        "has:links": links(post.text),
        "has:mentions": mentioned(post.text),
    }
    return Facts(
        (post.author, author.handle.lower() if author else ""),
        (above.author if above else "", answered.handle.lower() if answered else ""),
        str(post.conversation),
        str(post.reply_to or ""),
        frozenset(mentioned(post.text)),
        post.text.lower(),
        frozenset(name for name, value in given.items() if value),
    )


def parse(query: str) -> Matcher:
    """A query as a test of posts; raises BadQuery."""
    parser = _Parser(query)
    matcher = parser.either()
    if parser.tokens:
        raise BadQuery(f"no viable alternative at '{parser.tokens[0]}'")
    return matcher


class _Parser:
    def __init__(self, query: str) -> None:
        self.tokens = _TOKEN.findall(query)
        if "".join(self.tokens) != re.sub(r"\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", "", query):
            raise BadQuery("unbalanced quotation marks")
        if not self.tokens:
            raise BadQuery("the query is empty")

    def either(self) -> Matcher:
        choices = [self.all()]
        while self.tokens and self.tokens[0] == "OR":
            self.tokens.pop(0)
            choices.append(self.all())
        return lambda seen: any(choice(seen) for choice in choices)

    def all(self) -> Matcher:
        parts: list[Matcher] = []
        while self.tokens and self.tokens[0] not in ("OR", ")"):
            parts.append(self._part())
        if not parts:
            raise BadQuery("something is missing beside OR or within parentheses")
        return lambda seen: all(part(seen) for part in parts)

    def _part(self) -> Matcher:
        part: str = self.tokens.pop(0)
        if part == "-" and self.tokens and self.tokens[0] == "(":
            inner = self._part()
            return lambda seen: not inner(seen)
        if part == "(":
            inside = self.either()
            if not self.tokens or self.tokens.pop(0) != ")":
                raise BadQuery("a closing parenthesis is missing")
            return inside
        if part.startswith("-"):
            term = _term(part[1:])
            return lambda seen: not term(seen)
        return _term(part)


def _term(token: str) -> Matcher:
    lowered = token.lower()
    if lowered in _FLAGS:
        return lambda seen: lowered in seen.flags
    name, colon, value = lowered.partition(":")
    if colon and not token.startswith('"') and not value.startswith("//"):
        return _operator(name, value.strip('"').removeprefix("@"))
    if lowered.startswith("@"):
        return lambda seen: lowered[1:] in seen.handles
    word = lowered.strip('"')
    if not word:
        raise BadQuery("an empty phrase")
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return lambda seen: pattern.search(seen.words) is not None


def _operator(name: str, value: str) -> Matcher:
    tests: dict[str, Matcher] = {
        "from": lambda seen: value in seen.author,
        "to": lambda seen: value in seen.answered,
        "conversation_id": lambda seen: value == seen.conversation,
        "in_reply_to_tweet_id": lambda seen: value == seen.reply_to,
        "lang": lambda seen: value == "de",
    }
    if name not in _VALUED or not value:
        raise BadQuery(f"Reference to invalid operator '{name}'. Operator is not available in current product.")
    return tests[name]
