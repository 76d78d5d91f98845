"""The whole practice network as one application: Graph API, what people do, its dashboard, pages, webhooks, faults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from hilft.practice.faults import FaultGate, Faults
from hilft.practice.meta.access import Access
from hilft.practice.meta.clock import Clock
from hilft.practice.meta.dashboard import Dashboard
from hilft.practice.meta.door import Dialect, Door
from hilft.practice.meta.network import Acts, open_for_business
from hilft.practice.meta.practice_api import PracticeApi
from hilft.practice.meta.store import Store
from hilft.practice.meta.usage import Usage
from hilft.practice.meta.wall import Wall
from hilft.practice.meta.webhooks import Courier


def build(state: Path, *, retries: tuple[float, ...], wait: float) -> FaultGate:
    """The application over the database in `state`; how webhooks are delivered is said in seconds."""
    state.mkdir(parents=True, exist_ok=True)
    store = Store(state / "meta.sqlite3", Clock())
    store.clock.set(store.setting("clock", 0.0), stopped=False)
    faults = Faults(Dialect(store))
    usage = Usage(store.clock)
    access = Access(store)

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        courier.resume()
        yield
        await courier.close()
        store.close()

    courier = Courier(store, faults, retries=retries, wait=wait)
    acts = Acts(store, courier)
    open_for_business(store)
    door = Door(store, access, usage, courier, acts)
    routes = [
        *Wall(store, acts, faults).routes(),
        *faults.routes(),
        *PracticeApi(store, acts).routes(),
        *Dashboard(store, access, usage, courier).routes(),
        Route("/{path:path}", door.answer, methods=["GET", "POST", "DELETE", "PUT", "PATCH"]),
    ]
    return FaultGate(Starlette(routes=routes, lifespan=running), faults)
