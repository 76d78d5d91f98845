"""X, Facebook and Instagram in the example: heard by webhook, on other ports after a restart, and ended with it."""

import httpx2
import pytest

from hilft.cli.instance import OFFSETS
from hilft.practice.accounts import x_keys
from tests.installation import Installation, answers, free_ports, hilft, nothing_is_about_meaning, running, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("installation")]

HEARD = (
    "SELECT account.kind, handle.handle, conversation.public FROM inbox_message message "
    "JOIN inbox_conversation conversation ON conversation.id = message.conversation_id "
    "JOIN channels_account account ON account.id = conversation.account_id "
    "JOIN people_handle handle ON handle.id = conversation.handle_id WHERE message.text = %s"
)


def heard(installation: Installation, text: str) -> list[tuple[object, ...]]:
    """On which channel, from whom and how openly a text reached the desk; waits for it."""
    return until(lambda: installation.query(HEARD, text), f"the message {text!r}")


def test_they_move_to_other_ports_and_end_with_the_workspace():
    with running() as first:
        nothing_is_about_meaning(first)
        _is_on_the_desk_at_once(first)
        hilft("down", "--data", str(first.folder))
        moved = Installation(first.folder, free_ports(len(OFFSETS)), {})
        hilft("up", "--detach", "--port", str(moved.port), "--data", str(moved.folder))
        until(moved.introduced, "the webhooks at the new address")
        assert webhooks(moved) == [f"http://127.0.0.1:{moved.port + OFFSETS['hooks']}/hooks/x/"]
        moved.tweet("lotte_vom_deich", "@nordnetz Seid ihr noch da?")
        assert heard(moved, "Seid ihr noch da?") == [("x", "lotte_vom_deich", True)]
        (moved.folder / "example-deleted").touch()
        until(lambda: not answers(moved.x) and not answers(moved.meta), "the end of the practice networks")


def _is_on_the_desk_at_once(installation: Installation) -> None:
    installation.tweet("katja_brandt", "@nordnetz Das steht auf X.")
    installation.x_message("katja_brandt", "Das steht nur zwischen uns.")
    installation.comment("yusuf_d", "Das steht auf Facebook.")
    installation.facebook_message("yusuf_d", "Das steht im Messenger.")
    installation.comment("yusuf_d", "Das steht auf Instagram.", network="instagram")
    assert heard(installation, "Das steht auf X.") == [("x", "katja_brandt", True)]
    assert heard(installation, "Das steht nur zwischen uns.") == [("x", "katja_brandt", False)]
    assert heard(installation, "Das steht auf Facebook.") == [("facebook", "Yusuf Demir", True)]
    assert heard(installation, "Das steht im Messenger.") == [("facebook", "Yusuf Demir", False)]
    assert heard(installation, "Das steht auf Instagram.") == [("instagram", "yusuf_d", True)]
    assert [message["text"] for message in installation.x_messages("katja_brandt")] == ["Das steht nur zwischen uns."]
    assert [letter["text"] for letter in installation.facebook_messages("yusuf_d")] == ["Das steht im Messenger."]


def webhooks(installation: Installation) -> list[str]:
    keys = {"Authorization": f"Bearer {x_keys().bearer}"}
    answer = httpx2.get(f"{installation.x}/2/webhooks", headers=keys, trust_env=False).raise_for_status()
    return [webhook["url"] for webhook in answer.json()["data"]]
