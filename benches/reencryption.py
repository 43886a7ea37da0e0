"""`python -m benches.reencryption`: a table under a new key, in PostgreSQL.

Prints rows a second for one and two workers, and which share of all CPU time, of this
process and of the server's together, encryption takes. Where PostgreSQL is, says
HAUBERK_TEST_POSTGRES; where it runs on another machine, only this process is counted.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from tests import services

from benches.peers.harness import configure_django
from hauberk.encryption import Key, Keyring

ROWS = 200_000
VALUE = "12 Example Street, 1010 Vienna, AT"
_TICKS = 100  # a second; USER_HZ of Linux


def main() -> int:
    if not services.answers(services.POSTGRES):
        print("No PostgreSQL answers: re-encryption is not measured.")
        return 0
    ring = Keyring.generate()
    configure_django(
        DATABASES={"default": services.django_database(services.POSTGRES)},
        HAUBERK={"KEYRINGS": {"default": ring}},
    )
    import django

    django.setup()
    from django.db import connection, models

    from hauberk.django.fields import EncryptedTextField
    from hauberk.django.reencryption import Column, Options, reencrypt

    class Row(models.Model):  # noqa: DJ008
        value = EncryptedTextField()

        class Meta:
            app_label = "benches"
            db_table = "hauberk_bench_reencryption"

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    try:
        Row._default_manager.bulk_create(  # noqa: SLF001
            [Row(value=VALUE) for _ in range(ROWS)], batch_size=5000
        )
        column = Column(Row._meta.get_field("value"), connection)  # noqa: SLF001
        alone = _encryption(column, ring)
        print(f"hauberk_reencrypt, PostgreSQL, {ROWS:,} rows")
        for workers in (1, 2):
            key = Key.generate()
            ring.add(key)
            ring.promote(key.id)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE hauberk_bench_reencryption")
            server, cpu, start = _server(), time.process_time(), time.perf_counter()
            tally = reencrypt(column, Options(workers=workers), lambda _: None)
            taken = time.perf_counter() - start
            cpu, server = time.process_time() - cpu, _server() - server
            assert column.counts() == {key.id: ROWS}
            assert tally.complete
            print(
                f"  {workers} worker{'s' * (workers > 1)}: {ROWS / taken:,.0f} rows/s; "
                f"CPU {cpu:.2f} s here, {server:.2f} s in PostgreSQL; encryption "
                f"{alone:.2f} s = {alone / (cpu + server):.1%} (goal: below 10 %), "
                f"{alone / cpu:.0%} of this process"
            )
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Row)
    return 0


def _encryption(column: Any, ring: Keyring) -> float:
    """Return the CPU seconds that the cipher alone takes for the rows."""
    cipher = column.field.wire.cipher
    sealed = [cipher.encrypt_text(VALUE) for _ in range(ROWS)]
    key = Key.generate()
    ring.add(key)
    ring.promote(key.id)
    start = time.thread_time()
    for value in sealed:
        cipher.rewrap(value)
    return time.thread_time() - start


def _server() -> float:
    """Return the CPU seconds of all of PostgreSQL's processes on this machine."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue  # it has just ended
        if name == "postgres":
            # Its own time, and that of its children that have ended.
            ticks += sum(int(one) for one in rest.split()[11:15])
    return ticks / _TICKS


if __name__ == "__main__":
    sys.exit(main())
