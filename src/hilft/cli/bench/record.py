"""The record under load: eight processes, each writing entries in transactions of their own, without and with a sealer.

Times are those of one `record` with its commit, on a database that keeps what it committed (fsync on).
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from hilft.cli.bench import Result
from hilft.cli.bench.scene import running
from hilft.cli.instance import SOURCE, Trouble, python
from hilft.cli.postgres import embedded

WRITERS, EACH = 8, 1_500
DJANGO = "import django, json, os, sys, time\ndjango.setup()\n"
WRITER = (
    DJANGO
    + """
from django.db import transaction
from hilft.audit.commands import record
took = []
sys.stdin.readline()
for number in range(int(sys.argv[1])):
    began = time.perf_counter()
    with transaction.atomic():
        record(by=None, verb="bench.did", subject=None, number=number, reason="because")
    took.append(time.perf_counter() - began)
print(json.dumps(took))
"""
)
SEALER = (
    DJANGO
    + """
from hilft.audit.sealing import seal_all
while True:
    seal_all()
"""
)
LATER = (
    DJANGO
    + """
from hilft.audit.models import Seal
from hilft.audit.sealing import seal_all
from hilft.audit.verifying import verify
began = time.perf_counter()
sealed = seal_all(everything=True)
between = time.perf_counter()
report = verify()
verified = report.places / (time.perf_counter() - between)
print(json.dumps([sealed / (between - began), verified, report.ok, report.places]))
"""
)


def measure(data: Path | None) -> Result:
    """Writes beside a whole installation that has nothing else to do; `data` is not used."""
    with running() as scene:
        url = embedded(scene.instance.folder, port=scene.instance.port_of("postgres")).url
        alone, took_alone = _written(url)
        with _running(url, SEALER):
            beside, took_beside = _written(url)
        _written(url)
        sealed, verified, intact, places = json.loads(_started(url, LATER).communicate()[0])
    if not intact:
        raise Trouble("The chain does not hold after the measurement.")
    return {
        "writers": WRITERS,
        "records_per_second": alone,
        **{f"p{p}_ms": float(np.percentile(took_alone, p)) * 1000 for p in (50, 95, 99)},
        "beside_sealer_per_second": beside,
        **{f"beside_sealer_p{p}_ms": float(np.percentile(took_beside, p)) * 1000 for p in (50, 95, 99)},
        "sealed_per_second": float(sealed),
        "verified_per_second": float(verified),
        "places": int(places),
    }


def _written(url: str) -> tuple[float, list[float]]:
    """Entries a second over all writers, and how long each took."""
    writers = [_started(url, WRITER, str(EACH)) for _ in range(WRITERS)]
    time.sleep(4)  # until every interpreter has loaded
    began = time.monotonic()
    for writer in writers:
        if writer.stdin:
            writer.stdin.write("\n")
            writer.stdin.flush()
    took = [seconds for writer in writers for seconds in json.loads(writer.communicate()[0])]
    return len(took) / (time.monotonic() - began), took


@contextmanager
def _running(url: str, code: str) -> Iterator[None]:
    process = _started(url, code)
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def _started(url: str, code: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hilft.config.settings",
        "PYTHONPATH": str(SOURCE),
        "HILFT_DATABASE_URL": url,
    }
    return subprocess.Popen(
        python("-c", code, *arguments), env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
