"""Parts of the practice page: a thread with its forms, the forms themselves, the list of direct messages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape

from hilft.practice.x.posts import Person, Post
from hilft.practice.x.world import World

FORM = '<form class="compose" method="post" action="/schreiben">'


def thread(world: World, post: Post, people: Mapping[str, str]) -> str:
    """A post with its answers below, nested."""
    below = "".join(thread(world, answer, people) for answer in world.posts.answers(post))
    below = f'<div class="answers">{below}</div>' if below else ""
    return f'<div class="thread">{_post(world, post, people)}{below}</div>'


def compose(
    labels: Mapping[str, str], people: Mapping[str, str], *, text: str = "", post: str = "0", author: str = ""
) -> str:
    """A form to write as somebody, with a button for each kind of writing; `author` is preselected."""
    options = "".join(
        f'<option value="{escape(handle)}"{" selected" if handle == author else ""}>{escape(name)} '
        f"(@{escape(handle)})</option>"
        for handle, name in people.items()
    )
    buttons = " ".join(
        f'<button name="do" value="{escape(kind)}">{escape(label)}</button>' for kind, label in labels.items()
    )
    return (
        f'{FORM}<input type="hidden" name="post" value="{escape(post)}">'
        f'<label>Als <select name="as">{options}</select></label>'
        f'<label>Text <textarea name="text" rows="3" required>{escape(text)}</textarea></label><p>{buttons}</p></form>'
    )


def button(kind: str, label: str, fields: Mapping[str, str]) -> str:
    """A form that is only a button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {"do": kind, **fields}.items()
    )
    return f'<form method="post" action="/schreiben">{hidden}<button>{escape(label)}</button></form>'


def messages(world: World) -> str:
    """All direct messages, oldest first."""
    names = {person.id: person for person in world.posts.people()}
    items = [
        f'<article class="post{_brand(world, names[item.sender])}"><header>{_name(names[item.sender])}'
        f'<span class="handle">an @{escape(names[item.recipient].handle)}</span>{_time(item.created_at)}</header>'
        f'<div class="text">{_paragraphs(item.text)}</div></article>'
        for item in reversed(world.messages.all(100))
    ]
    return "".join(items)


def _post(world: World, post: Post, people: Mapping[str, str]) -> str:
    author = world.posts.person(user_id=post.author)
    if author is None:
        return ""
    text = "<p>Gelöscht.</p>" if post.deleted else _paragraphs(post.text[post.shown_from :]) + _quoted(world, post)
    hidden = "<p>Von der Marke ausgeblendet.</p>" if post.hidden else ""
    forms = "" if post.deleted else _forms(world, post, author, people)
    return (
        f'<article class="post{_brand(world, author)}" id="post-{post.id}"><header>{_name(author)}'
        f"{_time(post.created_at)}</header>{hidden}"
        f'<div class="text">{text}</div>{_earlier(world, post)}{forms}</article>'
    )


def _forms(world: World, post: Post, author: Person, people: Mapping[str, str]) -> str:
    about = str(post.id)
    answering = author.handle if author.handle in people else ""
    forms = compose({"reply": "Antworten", "quote": "Zitieren"}, people, post=about, author=answering)
    if author.handle in people:
        own = {author.handle: author.name}
        forms += compose({"edit": "Ändern"}, own, post=about, text=post.text[post.shown_from :])
        forms += button("delete", "Löschen", {"post": about, "as": author.handle})
    return f'<details class="own"><summary>Antworten, zitieren, ändern</summary>{forms}</details>'


def _earlier(world: World, post: Post) -> str:
    versions = world.posts.versions(post)[:-1]
    if not versions:
        return ""
    items = "".join(
        f"<li>{_time(version.created_at)} {escape(version.text[version.shown_from :])}</li>" for version in versions
    )
    return f'<details class="edited"><summary>bearbeitet</summary><p>Frühere Fassungen:</p><ol>{items}</ol></details>'


def _quoted(world: World, post: Post) -> str:
    quoted = world.posts.get(post.quote, deleted=True) if post.quote else None
    if quoted is None:
        return ""
    text = "Gelöscht." if quoted.deleted else quoted.text
    return f'<blockquote class="box">{escape(text)}</blockquote>'


def _name(person: Person) -> str:
    return f'<span class="name">{escape(person.name)}</span> <span class="handle">@{escape(person.handle)}</span>'


def _brand(world: World, person: Person) -> str:
    return " brand" if person.id == world.brand.id else ""


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())


def _time(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return f'<time class="time" datetime="{moment.isoformat()}">{moment.astimezone():%d.%m. %H:%M:%S}</time>'
