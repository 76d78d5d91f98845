"""Writes docs/permissions.md from what the desk does."""

import os

from hilft.cli.testing import database


def main() -> None:
    with database() as url:
        os.environ |= {"HILFT_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hilft.config.settings", "HILFT_DEBUG": "1"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        call_command("migrate", verbosity=0)
        from tests.permissions.page import PAGE, written

        PAGE.write_text(written(), "utf-8")


if __name__ == "__main__":
    main()
