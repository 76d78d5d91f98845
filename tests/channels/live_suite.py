"""What every adapter promises that can be tried with a real message, asked of each against its real peer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.utils import translation

from hilft.channels.contract import Channel, Task, Trying
from hilft.channels.trying import carry_out
from tests.channels.world import World


class LiveTests:
    """Holds for every adapter that is tried with a post of its own."""

    def test_a_live_test_works_and_leaves_nothing(self, world: World) -> None:
        with translation.override("en"):
            steps = carry_out(trial(world.adapter, world))
        assert [(step.outcome, step.remedy) for step in steps] == [("done", "")] * len(steps)
        assert steps[-1].what == "It deletes the test."
        assert world.ours("This is a test of hilft and needs no answer.") == 0

    def test_without_a_right_nothing_is_written(self, world: World) -> None:
        steps = carry_out(trial(world.revoked(), world))
        assert [step.outcome for step in steps] == ["failed"] + ["left"] * (len(steps) - 1)
        assert steps[0].remedy

    def test_a_network_that_does_not_answer_is_said(self, world: World) -> None:
        steps = carry_out(trial(world.unreachable(), world))
        assert [step.outcome for step in steps] == ["failed"] + ["left"] * (len(steps) - 1)
        assert steps[0].said


def trial(adapter: Channel, world: World) -> Sequence[Task]:
    """The steps of a live test, in the world's room where a network has rooms."""
    return cast(Trying, adapter).trial(str(getattr(world, "room", "")), lambda _ref: False)
