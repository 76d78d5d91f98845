"""docs/permissions.md: the tables as people read them."""

from pathlib import Path

from tests.permissions import matrix
from tests.permissions.scene import Cast

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
HEAD = """# Who may do what

Written by `PYTHONPATH=src:. .venv/bin/python -m tests.permissions` from what the desk does, and asked again by the
tests (tests/permissions). *none* is somebody who can sign in and has no role; guests are sent to the sign-in page by
every address.

## Actions

Roles give actions (`people/rules.py`); a person with several roles may do what any of them may.

{actions}
## States

What comes of it for each role when the object is in that state; everything was made by the *maker*, who has every role.
"refused" is a sentence that says why and what to do; – is an action that the role does not have.

{states}
## Pages

What opens for whom, by an address typed by hand. Names in angle brackets are filled with something that the maker
made; "not found" is what is nobody else's business.

{pages}
## Changes

What the buttons and forms of pages send to, again by hand. "yes" says that the role may: a form without what it needs
is answered with what is missing.

{changes}"""


def written() -> str:
    """The whole page; what is made for it is forgotten again."""
    with matrix.forgotten():
        cast = Cast()
        states = matrix.table(["what", "when", "maker", *matrix.ROLES], matrix.states(cast))
        pages, changes = (
            matrix.table(["address", "maker", *matrix.ROLES], matrix.addresses(cast, method))
            for method in ("GET", "POST")
        )
        actions = matrix.table(["action", *matrix.ROLES], matrix.actions())
        return HEAD.format(actions=actions, states=states, pages=pages, changes=changes)
