"""The commands, and what each says when something is in the way."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hilft import __version__
from hilft.cli import up as running
from hilft.cli.instance import DEFAULT_PORT, SOURCE, Instance, Trouble, default_folder
from hilft.cli.instance import manage as manage_command
from hilft.cli.supervisor import same_process

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="hilft: answer once, in public, correct everywhere.",
)
audit = typer.Typer(no_args_is_help=True, help="The record of who did what: verify it, give it out.")
app.add_typer(audit, name="audit")
console = Console(stderr=True, highlight=False)

Port = Annotated[int, typer.Option(help="First of eleven neighbouring loopback ports.", min=1024, max=65000)]
Data = Annotated[Path | None, typer.Option(help="Data folder; by default one for this machine or user.")]


def _instance(port: int, data: Path | None) -> Instance:
    return Instance(
        (data or Path(os.environ.get("HILFT_DATA_FOLDER") or default_folder())).expanduser().resolve(), port
    )


def _refuse(error: Trouble) -> typer.Exit:
    console.print(f"[bold red]hilft:[/] {error}", soft_wrap=True)
    return typer.Exit(2)


@app.command()
def up(
    port: Port = DEFAULT_PORT,
    data: Data = None,
    empty: Annotated[bool, typer.Option("--empty", help="Without the example workspace.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="In the background; returns when it is ready.")] = False,
) -> None:
    """Starts everything: database, pages, live updates, workers, listeners; with the example workspace its peers."""
    instance = _instance(port, data)
    try:
        if detach:
            running.detach(
                instance, ["--port", str(port), "--data", str(instance.folder), *(["--empty"] if empty else [])]
            )
        else:
            running.up(instance, running.Wish(empty=empty))
    except Trouble as error:
        raise _refuse(error) from None


@app.command()
def down(data: Data = None) -> None:
    """Ends everything that `up` started with this data folder, and nothing else."""
    try:
        ended = running.down(_instance(DEFAULT_PORT, data))
    except Trouble as error:
        raise _refuse(error) from None
    console.print("Ended." if ended else "Nothing was running with this data folder.")


@app.command()
def status(data: Data = None) -> None:
    """Shows the processes of an installation; exit code 1 when it does not run."""
    instance = _instance(DEFAULT_PORT, data)
    found = instance.read_status()
    if found is None or same_process(found.get("pid"), found.get("started")) is None:
        console.print(f"hilft does not run with the data folder {instance.folder}.")
        raise typer.Exit(1)
    table = Table(box=None, pad_edge=False)
    for heading in ("process", "state", "pid", "restarts", "last exit"):
        table.add_column(heading, justify="right" if heading in {"pid", "restarts"} else "left")
    children = found.get("children")
    for child in children if isinstance(children, list) else []:
        alive = child["pid"] is not None
        last = "" if child["last_exit"] is None else str(child["last_exit"])
        table.add_row(
            child["name"],
            "running" if alive else "[red]coming back[/]",
            str(child["pid"] or "–"),
            str(child["restarts"]),
            last,
        )
    out = Console(highlight=False)
    out.print(f"http://127.0.0.1:{found['port']}  {'ready' if found['ready'] else 'starting'}")
    out.print(table)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """Runs a Django management command on a running installation (HILFT_DATA_FOLDER names another data folder)."""
    raise typer.Exit(_managed(None, *context.args))


def _managed(data: Path | None, *arguments: str) -> int:
    """The exit code of a management command on the running installation of a data folder, or on the database named."""
    instance = _instance(DEFAULT_PORT, data)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "hilft.config.settings", "PYTHONPATH": str(SOURCE)}
    if environment.get("HILFT_DATABASE_URL"):
        environment |= {"HILFT_DATA": environment.get("HILFT_DATA") or str(instance.folder)}
    else:
        found = instance.read_status()
        if found is None:
            raise _refuse(Trouble("This needs a running database: start `./hilft up`, or set HILFT_DATABASE_URL."))
        from hilft.cli.postgres import embedded

        instance = Instance(instance.folder, int(str(found["port"])))
        environment = instance.environment(
            embedded(instance.folder, port=instance.port_of("postgres")).url, example=False
        )
    return subprocess.run(manage_command(*arguments), env=environment, check=False).returncode


@audit.command("verify")
def audit_verify(
    since: Annotated[str, typer.Option(help="Only what was sealed from this day on, 2026-11-01.")] = "",
    data: Data = None,
) -> None:
    """Walks the chain of the record; exit code 1 when something was changed, removed, inserted or left unsealed."""
    raise typer.Exit(_managed(data, "audit_verify", *([f"--since={since}"] if since else [])))


@audit.command("export")
def audit_export(
    form: Annotated[str, typer.Option("--format", help="ndjson or csv")] = "ndjson",
    since: Annotated[str, typer.Option(help="Only what was written from this day on, 2026-11-01.")] = "",
    data: Data = None,
) -> None:
    """Writes the record to standard output, with all that is needed to verify it elsewhere."""
    raise typer.Exit(_managed(data, "audit_export", f"--format={form}", *([f"--since={since}"] if since else [])))


@audit.command("resume")
def audit_resume(
    reason: Annotated[str, typer.Option(help="Why newer entries are lost; it stands in the record for good.")],
    data: Data = None,
) -> None:
    """After restoring a backup: says in the record that what was witnessed beyond its end is lost, and why."""
    raise typer.Exit(_managed(data, "audit_resume", f"--reason={reason}"))


@app.command()
def doctor(port: Port = DEFAULT_PORT, data: Data = None) -> None:
    """Looks at everything that `up` and `test` need and says what is missing."""
    from hilft.cli.doctor import examine

    if not examine(_instance(port, data)):
        raise typer.Exit(1)


@app.command()
def check() -> None:
    """The fast checks: format, lint, types, import contracts, templates, migrations, languages."""
    from hilft.cli.testing import check as run

    raise typer.Exit(run())


@app.command()
def test(
    peers: Annotated[
        bool, typer.Option("--peers", help="Also with the whole Bluesky network (Node, about 650 MB).")
    ] = False,
    only: Annotated[str, typer.Option(help="Passed to pytest as -k.")] = "",
) -> None:
    """Everything, as CI runs it: checks, unit, integration and browser tests."""
    from hilft.cli.testing import test as run

    try:
        raise typer.Exit(run(peers=peers, only=only))
    except Trouble as error:
        raise _refuse(error) from None


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="desk, heart, match, record, scale-match, webhooks or faults")] = "",
    data: Annotated[Path | None, typer.Option(help="A data file of the benchmark's format.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    network: Annotated[str, typer.Option(help="faults: x or facebook; without it both.")] = "",
    replies: Annotated[int, typer.Option(help="faults: how many.", min=1)] = 500,
) -> None:
    """Measures. desk: list_p50/p95/p99_ms, conversation_p50/p95/p99_ms, list_queries, conversation_queries, routing_s.
    heart: lost, event_to_desk_p50/p95/p99_ms, key_to_paint_p50/p95/p99_ms, posts.
    match: mrr_at_10, hit_at_1, auroc, coverage_at_p95, posts_per_second, questions, known, unknown.
    scale-match: questions, wordings, messages, build_s, match_p50/p95/p99_ms, recall_at_10, visible_ms,
    worklist_KIND_p95_ms, page_NAME_p95_ms, reembed_per_s, match_while_reembedding_p95_ms, resumed.
    webhooks: accepted_per_second, p50/p95/p99_ms, stored, expected, accepted, deliveries.
    record: records_per_second, p50/p95/p99_ms, the same beside_sealer, sealed_per_second, verified_per_second.
    faults: a row for each fault: questions, replies, twice, lost, person, wrong, attempts, hours, seconds."""
    from hilft.cli.bench import run
    from hilft.cli.bench.faults import report

    try:
        if name == "faults":
            report(network, replies, as_json=json)
            return
        run(name, data=data, as_json=json)
    except Trouble as error:
        raise _refuse(error) from None


@app.command()
def train(
    data: Annotated[Path | None, typer.Option(help="Folder with the data sets; by default ../shared/data.")] = None,
) -> None:
    """Learns matching's parts from the data sets that permit it, and writes them with a manifest into the source."""
    from hilft.cli.train.command import run

    try:
        run(data, tell=lambda line: console.print(line, markup=False))
    except Trouble as error:
        raise _refuse(error) from None


@app.command()
def practice(
    name: Annotated[str, typer.Argument(help="x, meta or crm")],
    port: Annotated[int, typer.Option(help="Loopback port.", min=1024, max=65535)],
    state: Annotated[Path | None, typer.Option(help="Its folder; by default practice/NAME in the data folder.")] = None,
    data: Data = None,
) -> None:
    """Runs a practice peer in the foreground: X, Meta or a customer system; says where its page and keys are."""
    from hilft.cli.practice import run

    folder = state.expanduser().resolve() if state else _instance(DEFAULT_PORT, data).folder / "practice" / name
    try:
        run(name, port=port, state=folder)
    except Trouble as error:
        raise _refuse(error) from None


@app.command()
def version() -> None:
    """Prints the version."""
    sys.stdout.write(f"hilft {__version__}\n")
