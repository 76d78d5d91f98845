"""Every public command can leave an entry: read from the source, with the exceptions named and reasoned.

What is read is whether `record` is reached at all, not on which path: the tests of each command look for its entry.
"""

import ast
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from hilft.cli.instance import SOURCE


class Function(NamedTuple):
    """A function of the source: where it is, what it calls by name, and whether it is a command."""

    module: str
    name: str
    calls: frozenset[tuple[str, str]]
    command: bool


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted((SOURCE / "hilft").rglob("*.py")):
        parts = file.relative_to(SOURCE).with_suffix("").parts
        if not {"migrations", "management", "practice", "cli", "desk", "community", "api"} & set(parts):
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """What each name of a module means elsewhere: (module, name)."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _called(function: ast.FunctionDef, module: str, names: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name):
                yield names.get(name, (module, name))
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in names:
                yield ".".join(names[owner]), name


def _is_command(module: str, function: ast.FunctionDef) -> bool:
    """Public, and either in a module of commands, or taking who does it, or a transaction of its own."""
    if function.name.startswith("_") or module.startswith("hilft.audit"):
        return False
    atomic = any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)
    taking_by = any(argument.arg == "by" for argument in function.args.kwonlyargs)
    in_commands = "commands" in module.split(".")
    return atomic or in_commands or (taking_by and "queries" not in module)


@cache
def functions() -> dict[tuple[str, str], Function]:
    found = {}
    for module, tree in _modules():
        names = _imported(tree)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                calls = frozenset(_called(node, module, names))
                found[module, node.name] = Function(module, node.name, calls, _is_command(module, node))
    return found


def writes(start: tuple[str, str]) -> bool:
    """Whether a function reaches `record`, through whatever it calls."""
    seen, waiting = set(), [start]
    while waiting:
        at = waiting.pop()
        if at == ("hilft.audit.commands", "record"):
            return True
        if at not in seen and at in functions():
            seen.add(at)
            waiting += functions()[at].calls
    return False


ASKS = "asks or computes, and changes nothing"
CUSTOMERS = "what customers and guests do stands in their own events, messages and follows"
CLOCKWORK = "keeps a connection or the outbox going; what comes of it is recorded there"
PART = "a part of a command that is recorded: "
SILENT = {
    "channels.commands.counted": CLOCKWORK,
    "channels.commands.fill": CUSTOMERS,
    "channels.commands.note_calls": CLOCKWORK,
    "channels.commands.note_late": CLOCKWORK,
    "channels.commands.note_stream": CLOCKWORK,
    "channels.commands.note_trouble": CLOCKWORK,
    "channels.commands.store": CUSTOMERS,
    "channels.hooks.store_together": CUSTOMERS,
    "channels.portal.commands.add": CUSTOMERS,
    "channels.portal.commands.ask": CUSTOMERS,
    "channels.portal.commands.confirm": CUSTOMERS,
    "channels.portal.commands.withdraw": CUSTOMERS,
    "escalation.commands.clocks.keep_time": "its row says when a clock ran; warnings and broken promises are recorded",
    "escalation.commands.handovers.answered": PART + "escalation.answer",
    "escalation.commands.handovers.left": PART + "escalation.sent",
    "escalation.commands.handovers.locked": ASKS,
    "escalation.commands.handovers.running_turn": ASKS,
    "example.commands.is_here": ASKS,
    "inbox.commands.be_present": "who looks at a conversation is recorded when they open it",
    "inbox.commands.forget_presences": "who looked at a conversation is recorded when they open it",
    "inbox.commands.note_due": "a copy of a clock, whose row says what was promised",
    "inbox.commands.leave": "who looked at a conversation is recorded when they open it",
    "inbox.handling.followups.wake_due": PART + "inbox.follow_up says on which day",
    "inbox.handling.mentions.read_in": "who looked at a conversation is recorded when they open it",
    "inbox.refresh.wake_snoozed": PART + "inbox.snooze says until when",
    "knowledge.commands.add_miss": PART + "inbox.judge",
    "knowledge.commands.as_wording": ASKS,
    "knowledge.commands.calibrate": "a figure computed from verdicts, each of which is recorded",
    "knowledge.commands.count_use": "a counter",
    "knowledge.commands.fill": PART + "knowledge.write_version or the offer",
    "inbox.receipts.write": CUSTOMERS,
    "knowledge.commands.holder_of": ASKS,
    "knowledge.matching.first_reader": "the first reader of a new installation: nothing is changed by it",
    "knowledge.commands.take_back_miss": PART + "inbox.judge",
    "knowledge.commands.vote": CUSTOMERS,
    "knowledge.followers.confirm": CUSTOMERS,
    "knowledge.followers.follow": CUSTOMERS,
    "knowledge.followers.unfollow": CUSTOMERS,
    "people.commands.initials": ASKS,
    "people.commands.meet": CUSTOMERS,
    "people.commands.remember_form": CUSTOMERS,
    "publishing.commands.corrections.carry_out": PART + "the approval that lets it through; each delivery follows",
    "publishing.commands.corrections.digest_of": ASKS,
    "publishing.commands.corrections.finish": "nothing is left to do; each delivery has its entry",
    "publishing.commands.corrections.send_back_expired": PART + "approvals.expire",
    "publishing.commands.corrections.took_effect": PART + "publishing.delivered",
    "publishing.commands.deliveries.queue_reply": PART + "publishing.submit or the approval",
    "publishing.commands.drafts.begin": "an empty draft is nothing yet; submitting and discarding are recorded",
    "publishing.commands.drafts.check": ASKS,
    "publishing.commands.lapsed.tell_of": "tells open pages that something changed",
    "publishing.commands.group_replies.attempt": PART + "publishing.group_reply",
    "publishing.commands.group_replies.join": PART + "publishing.group_reply",
    "publishing.commands.group_replies.digest_of": ASKS,
    "publishing.commands.group_replies.send_back_expired": PART + "approvals.expire",
    "publishing.commands.stuck.resume_account": CLOCKWORK,
    "publishing.commands.waiting.resume": CLOCKWORK,
    "publishing.commands.waiting.wait": CLOCKWORK,
}


def silent() -> set[str]:
    return {f"{f.module[6:]}.{f.name}" for key, f in functions().items() if f.command and not writes(key)}


def test_every_command_leaves_an_entry_or_is_excused():
    assert silent() == set(SILENT)
