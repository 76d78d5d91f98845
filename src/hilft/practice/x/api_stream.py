"""The filtered stream over the API: its rules, and the posts that match them as they appear."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hilft.practice.x.activity import Matched
from hilft.practice.x.api_activity import refuse_backfill
from hilft.practice.x.clock import id_at, iso
from hilft.practice.x.endpoint import APP, Answer, Call, Endpoint, known
from hilft.practice.x.fields import TWEET_QUERY, only, wanted
from hilft.practice.x.paging import NO_END
from hilft.practice.x.posts import Span
from hilft.practice.x.problems import TYPES, Problem, invalid
from hilft.practice.x.query import BadQuery, parse


async def rules(call: Call) -> Answer:
    """GET /2/tweets/search/stream/rules."""
    only(call.query, ("ids", "max_results", "pagination_token"))
    asked = call.query["ids"].split(",") if "ids" in call.query else None
    rows = call.world.store.rows("select * from rule order by id")
    found = [_rule(row["id"], row["value"], row["tag"]) for row in rows]
    chosen = [rule for rule in found if asked is None or rule["id"] in asked]
    meta = {"sent": iso(call.world.clock.now()), "result_count": len(chosen)}
    return 200, ({"data": chosen} if chosen else {}) | {"meta": meta}


async def change_rules(call: Call) -> Answer:
    """POST /2/tweets/search/stream/rules: {"add": […]} or {"delete": {"ids": […]}}; `dry_run` only checks."""
    only(call.query, ("dry_run", "delete_all"))
    known(call.body, {"add": list, "delete": dict})
    if ("add" in call.body) == ("delete" in call.body):
        raise invalid("Exactly one of `add` and `delete` is required")
    if "add" in call.body:
        return _add(call, call.body["add"], dry=call.query.get("dry_run") == "true")
    return _delete(call, call.body["delete"], dry=call.query.get("dry_run") == "true")


async def stream(call: Call) -> Answer:
    """GET /2/tweets/search/stream: refused without rules, and when the connection is taken."""
    only(call.query, ("backfill_minutes", *TWEET_QUERY))
    asked = wanted(call.query)
    minutes = refuse_backfill(call)
    world = call.world
    if world.store.row("select 1 from rule") is None:
        detail = "Stream has no rules: define at least one before connecting."
        more = {"connection_issue": "RuleConfigurationIssue"}
        raise Problem(409, "ConnectionException", detail, kind="streaming-connection", more=more)
    first: list[Matched] = []
    if minutes:
        span = Span(id_at(world.clock.now() - 60 * minutes), NO_END, 10_000)
        missed = [Matched(post, world.activity.matching(post)) for post in reversed(world.posts.all(span))]
        first = [matched for matched in missed if matched.rules]

    def write(item: Matched) -> Mapping[str, Any]:
        includes = world.renderer.includes([item.post], asked)
        body: dict[str, Any] = {"data": world.renderer.tweet(item.post, asked)}
        return body | ({"includes": includes} if includes else {}) | {"matching_rules": item.rules}

    return world.streams.filtered.connect(write, first)


def _add(call: Call, wanted_rules: Sequence[Any], *, dry: bool) -> Answer:
    world = call.world
    store = world.store
    most, length = world.rules.number("stream", "rules"), world.rules.number("stream", "rule_length")
    if store.number("select count(*) from rule") + len(wanted_rules) > most:
        detail = f"Your client app would exceed its limit of {most} rules."
        raise Problem(422, "RulesCapExceeded", detail, kind="rule-cap", more={"cap": most})
    created: list[dict[str, str]] = []
    errors: list[dict[str, Any]] = []
    for rule in wanted_rules:
        known(rule, {"value": str, "tag": str}, where="$.add")
        value = rule.get("value", "")
        same = store.row("select id from rule where value = ?", value)
        if same:
            error = {"value": value, "id": str(same["id"]), "title": "DuplicateRule", "type": f"{TYPES}duplicate-rules"}
            errors.append(error)
        elif (problem := _problem(value, length)) is not None:
            details = {
                "value": value,
                "details": [problem],
                "title": "UnprocessableEntity",
                "type": f"{TYPES}invalid-rules",
            }
            errors.append(details)
        else:
            number = world.clock.new_id()
            created.append(_rule(number, value, rule.get("tag")))
            store.write("insert into rule values(?, ?, ?)", number, value, rule.get("tag"))
    if dry:
        for rule in created:
            store.write("delete from rule where id = ?", int(rule["id"]))
    counts = {"created": len(created), "not_created": len(errors), "valid": len(created), "invalid": len(errors)}
    meta = {"sent": iso(world.clock.now()), "summary": counts}
    body = ({"data": created} if created else {}) | {"meta": meta} | ({"errors": errors} if errors else {})
    return 201 if created else 200, body


def _delete(call: Call, chosen: Mapping[str, Any], *, dry: bool) -> Answer:
    known(chosen, {"ids": list, "values": list}, where="$.delete")
    conditions = [("id", int(text)) for text in chosen.get("ids", []) if str(text).isdecimal()]
    values = [("value", str(text)) for text in chosen.get("values", [])]
    gone = 0
    for column, value in [*conditions, *values]:
        found = call.world.store.number(f"select count(*) from rule where {column} = ?", value)  # noqa: S608 – a constant
        gone += found
        if found and not dry:
            call.world.store.write(f"delete from rule where {column} = ?", value)  # noqa: S608 – a constant
    counts = {"deleted": gone, "not_deleted": len(chosen.get("ids", [])) + len(values) - gone}
    return 200, {"meta": {"sent": iso(call.world.clock.now()), "summary": counts}}


def _problem(value: str, length: int) -> dict[str, str] | None:
    if len(value) > length:
        return {"message": f"Rule is longer than {length} characters."}
    try:
        parse(value)
    except BadQuery as bad:
        return {"message": str(bad)}
    return None


def _rule(number: int, value: str, tag: str | None) -> dict[str, str]:
    return {"id": str(number), "value": value} | ({"tag": tag} if tag else {})


ENDPOINTS: Final = [
    Endpoint("GET", "/2/tweets/search/stream", APP, stream),
    Endpoint("GET", "/2/tweets/search/stream/rules", APP, rules),
    Endpoint("POST", "/2/tweets/search/stream/rules", APP, change_rules),
]
