"""What the environment says about this installation, read once and typed."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Environment:
    """Everything that differs between installations; names in the environment start with HILFT_."""

    database_url: str
    secret_key: str
    debug: bool
    port: int
    live_url: str
    public_url: str
    example: bool
    hosts: tuple[str, ...]
    brand: str
    pool: bool
    oidc: dict[str, str]
    audit_witness: str


@cache
def environment() -> Environment:
    """Reads the environment; an installation without a secret key cannot start."""
    get = os.environ.get
    port = int(get("HILFT_PORT", "8300"))
    secret = get("HILFT_SECRET_KEY", "")
    if not secret and (file := get("HILFT_SECRET_FILE", "")):
        secret = Path(file).read_text().strip()
    return Environment(
        database_url=get("HILFT_DATABASE_URL", ""),
        secret_key=secret,
        debug=get("HILFT_DEBUG", "") == "1",
        port=port,
        live_url=get("HILFT_LIVE_URL", f"http://127.0.0.1:{port + 1}"),
        public_url=get("HILFT_PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        example=get("HILFT_EXAMPLE", "") == "1",
        hosts=tuple(h for h in get("HILFT_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h),
        brand=get("HILFT_BRAND", "NordNetz"),
        pool=get("HILFT_POOL", "") == "1",
        oidc={name: get(f"HILFT_OIDC_{name.upper()}", "") for name in ("server", "client", "secret", "name")},
        audit_witness=get("HILFT_AUDIT_WITNESS", ""),
    )


def database(url: str, *, pool: bool) -> dict[str, object]:
    """Django's settings for one PostgreSQL address, `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("HILFT_DATABASE_URL must look like postgresql://user:password@host:port/name")
    options: dict[str, object] = {"prepare_threshold": 2}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
        options["options"] = "-c max_parallel_workers_per_gather=0"  # many ask at once: nobody takes a second core
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,
    }
