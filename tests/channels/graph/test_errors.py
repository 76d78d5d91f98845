"""Each code of the Graph API means one thing to us, whatever its HTTP status."""

from __future__ import annotations

import pytest

from hilft.channels.contract import AuthLost, RetryLater
from hilft.channels.graph.errors import Answer, Closed, Error, Forbidden, Gone, Replied, meaning


@pytest.mark.parametrize(
    ("code", "subcode", "expected"),
    [
        (190, 460, AuthLost),
        (102, 0, AuthLost),
        (104, 0, AuthLost),
        (4, 0, RetryLater),
        (17, 0, RetryLater),
        (32, 0, RetryLater),
        (613, 0, RetryLater),
        (80001, 0, RetryLater),
        (80002, 0, RetryLater),
        (80006, 0, RetryLater),
        (100, 33, Gone),
        (100, 2018292, Gone),
        (100, 0, Answer),
        (10, 0, Forbidden),
        (200, 0, Forbidden),
        (230, 0, Forbidden),
        (10, 2018278, Closed),
        (10, 2534022, Closed),
        (10901, 0, Closed),
        (10900, 0, Replied),
        (10903, 0, Answer),
        (368, 0, Answer),
        (551, 1545041, Answer),
        (506, 0, Answer),
    ],
)
def test_what_a_code_means(code: int, subcode: int, expected: type[Exception]) -> None:
    assert type(meaning(Error(code=code, error_subcode=subcode), None, "Facebook")) is expected


def test_pitfall_9_a_limit_on_one_kind_of_call_leaves_the_account_alone() -> None:
    one, all_calls = meaning(Error(code=613), None, "Instagram"), meaning(Error(code=80002), None, "Instagram")
    assert isinstance(one, RetryLater)
    assert isinstance(all_calls, RetryLater)
    assert (one.scope, all_calls.scope) == ("target", "account")


@pytest.mark.parametrize("error", [Error(code=1), Error(code=2), Error(code=99, is_transient=True)])
def test_a_passing_failure_leaves_open_what_happened(error: Error) -> None:
    assert meaning(error, None, "Facebook") is None


def test_a_wrong_app_secret_is_lost_credentials() -> None:
    error = Error(code=100, message="Invalid appsecret_proof provided in the API argument")
    assert type(meaning(error, None, "Facebook")) is AuthLost
