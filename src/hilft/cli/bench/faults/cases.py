"""Which faults are tried, and how hard each strikes."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Case(NamedTuple):
    """A fault as the practice network takes it.

    `inbound` ones strike while customers ask, the others while replies leave, from when the share `since` of them has
    arrived: for so many `hours`, without them to the end, or until the account has lost its sign-in and is connected
    again. `late` is for how many seconds the network still carries out what we no longer wait for; with `rewritten`
    some customers change their words right away.
    """

    fault: str
    wanted: Mapping[str, Mapping[str, object]]
    inbound: bool = False
    since: float = 0.0
    hours: float | None = None
    late: float = 0.0
    rewritten: bool = False


CASES: Final[Mapping[str, Case]] = {
    case.fault: case
    for case in (
        Case("latency", {"latency": {"amount": 0.03}}),
        Case("latency_beyond_timeout", {"latency": {"amount": 1.5, "share": 0.03, "only": "^POST"}}, late=1.5),
        Case("rate_limit", {"rate_limit": {"share": 0.03}}),
        Case("rate_limit_bare", {"rate_limit_bare": {"share": 0.03}}),
        Case("server_error", {"server_error": {"share": 0.3}}),
        Case("outage", {"server_error": {}}, since=0.2, hours=1 / 60),
        Case("timeout_after", {"timeout_after": {"share": 0.2, "amount": 0.02}}),
        Case("token_revoked", {"token_revoked": {}}, since=0.4),
        Case("stream_gap", {"stream_gap": {"share": 0.5}}, inbound=True),
        Case("out_of_order", {"out_of_order": {}}, inbound=True, rewritten=True),
        Case("duplicates", {"duplicates": {}}, inbound=True, rewritten=True),
    )
}
