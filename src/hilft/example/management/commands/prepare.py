"""Brings the database up to date, fills the example workspace where wished, and says how to get in."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from hilft.channels.phone.commands import ensure_account
from hilft.example import customers
from hilft.example.accounts import Peers, connect_all
from hilft.example.commands import is_here, seed
from hilft.people.models import User
from hilft.people.sign_in import SETUP_SALT, link_token
from hilft.training.commands.loading import load_curriculum

ROLES = ("agent", "approver", "editor", "lead", "trainer", "operator")


class Command(BaseCommand):
    help = "Prepares the database for a start."
    requires_system_checks = []  # as for what works and listens: `./hilft check` makes them

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--empty", action="store_true")
        for name, kind in Peers.__annotations__.items():
            parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=kind())

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            self._refuse(f"The database cannot be reached: {str(error).splitlines()[0]}")
        known = set(executor.loader.disk_migrations)
        newer = sorted(f"{app}.{name}" for app, name in executor.loader.applied_migrations if (app, name) not in known)
        if newer:
            self._refuse(
                f"The database was made by a newer hilft ({newer[-1]} is unknown here): "
                "use that version, or choose another folder with --data."
            )
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        ensure_account()
        load_curriculum()
        peers = Peers(**{name: options[name] for name in Peers._fields})
        deleted = Path(os.environ.get("HILFT_DATA", "."), "example-deleted").exists()
        if not options["empty"] and not deleted and not User.objects.exists():
            seed(peers)
        elif is_here():
            connect_all(peers)
            customers.connect(peers.crm)
        here = is_here()
        self.stdout.write(json.dumps({"example": here, "links": self._links() if here else {}, "setup": self._setup()}))

    def _links(self) -> dict[str, str]:
        links = {}
        for role in ROLES:
            users = User.objects.filter(is_active=True, roles__contains=[role]).order_by("pk")
            user = min(users, key=lambda u: (u.roles[0] != role, len(u.roles), u.pk), default=None)
            if user:
                links[role] = settings.HILFT.public_url + reverse("desk:link", args=[link_token(user)])
        return links

    def _setup(self) -> str:
        if User.objects.exists():
            return ""
        token = signing.dumps("first operator", salt=SETUP_SALT)
        return settings.HILFT.public_url + reverse("desk:setup", args=[token])

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
