"""hauberk_reencrypt is killed again and again while others write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests import services

from hauberk.encryption import Key, Keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
ROWS = 1000
ENGINES = ["sqlite", "postgres", "mysql"]

SETTINGS = """
import pymysql
from tests import services

pymysql.version_info = (2, 2, 7, "final", 0)
pymysql.install_as_MySQLdb()
SECRET_KEY = "k" * 50
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "hauberk.django",
    "tests.integration.django.records",
]
DATABASES = {"default": %(database)r}
HAUBERK = {"KEYRINGS": {"default": %(keyring)r}}
"""

#: Writes rows that nobody else writes, and notes after the commit what it has written.
WRITER = """
import os, random, sys, time
import django
django.setup()
from django.db import OperationalError
from tests.integration.django.records.models import Person
number, workers = int(sys.argv[1]), int(sys.argv[2])
keys = list(Person.objects.order_by("pk").values_list("pk", flat=True))
keys = keys[number::workers]
count = 0
while True:
    pk = random.choice(keys)
    following = count + 1
    email = f"{number}-{following}@example.org"
    try:
        if following % 2:
            Person.objects.filter(pk=pk).update(email=email)
        else:
            person = Person.objects.get(pk=pk)
            person.email = email
            person.save(update_fields=["email"])
    except OperationalError:
        continue  # a deadlock or a lock that took too long: nothing was written
    os.write(1, f"{pk} {email}\\n".encode())
    count = following
    time.sleep(0.002)
"""


class Project:
    """A Django project in processes of their own, on one database."""

    def __init__(self, path: Path, database: dict[str, Any]) -> None:
        self.path, self.keyring = path, path / "keys.json"
        ring = Keyring.generate()
        # Every process knows every key before one of them is promoted.
        for _ in range(3):
            ring.add(Key.generate())
        ring.save(self.keyring)
        (path / "killed_settings.py").write_text(
            SETTINGS % {"database": database, "keyring": str(self.keyring)}
        )
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "killed_settings",
            "PYTHONPATH": os.pathsep.join([str(path), str(ROOT)]),
        }

    def python(self, code: str, *arguments: str, **options: Any) -> Any:
        """Start a process of the project."""
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), *arguments],
            env=self.environment,
            cwd=self.path,
            **options,
        )

    def run(self, code: str, *arguments: str) -> str:
        """Run a process of the project to its end and return what it printed."""
        process = self.python(code, *arguments, stdout=subprocess.PIPE)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return str(out.decode())

    def emails(self) -> dict[int, str]:
        """Return what is in the rows, each of which is found by it."""
        rows = [line.split() for line in self.run(READ).splitlines()]
        return {int(pk): email for pk, email in rows}

    def manage(self, *arguments: str, **options: Any) -> Any:
        """Start a management command."""
        return self.python(MANAGE, *arguments, **options)

    def give_up_older_keys(self) -> None:
        """Disable every key but the primary one, for values and for indexes."""
        ring = Keyring.from_file(self.keyring)
        for one in ring.keys:
            if one.id != ring.primary_id:
                ring.disable(one.id)
                ring.disable_index(one.id)
        ring.save(self.keyring)

    def rotate(self) -> str:
        """Promote the next key, for values and for indexes, and return its id."""
        ring = Keyring.from_file(self.keyring)
        ids = [one.id for one in ring.keys]
        following = ids[(ids.index(ring.primary_id) + 1) % len(ids)]
        ring.promote(following)
        ring.promote_index(following)
        ring.save(self.keyring)
        return following


MANAGE = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""

MAKE = """
import django
django.setup()
from django.db import connection
from tests.integration.django.records.models import Person
with connection.schema_editor() as editor:
    if Person._meta.db_table in connection.introspection.table_names():
        editor.delete_model(Person)
    editor.create_model(Person)
Person.objects.bulk_create(
    [Person(email=f"{number}@start.example") for number in range(%d)], batch_size=500
)
"""

READ = """
import django
django.setup()
from tests.integration.django.records.models import Person
for person in Person.objects.iterator():
    found = Person.objects.get(email=person.email)
    assert found.pk == person.pk
    print(person.pk, person.email)
"""

DROP = """
import django
django.setup()
from django.db import connection
from tests.integration.django.records.models import Person
with connection.schema_editor() as editor:
    editor.delete_model(Person)
"""


@pytest.fixture(params=ENGINES)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """A project on each kind of database; skipped where no server answers."""
    kind: str = request.param
    if kind == "sqlite":
        database: dict[str, Any] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(tmp_path / "db.sqlite3"),
            "OPTIONS": {"timeout": 20},
        }
    else:
        url = {"postgres": services.POSTGRES, "mysql": services.MYSQL}[kind]
        if not services.answers(url):
            pytest.skip(f"no server answers for {kind}")
        database = {**services.django_database(url), "TEST": {}}
    project = Project(tmp_path, database)
    project.run(MAKE % ROWS)
    yield project
    project.run(DROP)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Return whether a condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def written_at(path: Path) -> int:
    """Return when a file was written last, 0 if there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def has_begun(command: Any, resume: Path, before: int) -> bool:
    """Return whether a command has saved its position, or is over."""
    return written_at(resume) != before or command.poll() is not None


def killed_repeatedly(project: Project, kills: int) -> None:
    """Kill the command at random moments while writers write; nothing may be lost."""
    expected = project.emails()
    assert len(expected) == ROWS
    resume = project.path / "position.json"
    logs = [project.path / f"writer-{number}" for number in range(2)]
    writers = []
    try:
        for number, log in enumerate(logs):
            with log.open("wb") as out:
                writers.append(project.python(WRITER, str(number), "2", stdout=out))
        assert wait_until(lambda: all(log.stat().st_size for log in logs))
        primary = project.rotate()
        for _ in range(kills):
            before = written_at(resume)
            command = project.manage(
                "hauberk_reencrypt",
                "records.Person.email",
                "--batch=20",
                "--workers=2",  # one, where locked rows cannot be skipped
                "--throttle=800",
                f"--resume={resume}",
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            # From when it has begun to work.
            wait_until(partial(has_begun, command, resume, before))
            time.sleep(random.uniform(0, 1))
            if command.poll() is not None:
                # It was quicker than the executioner: there is another key to be had.
                primary = project.rotate()
            command.send_signal(signal.SIGKILL)
            command.wait()
            assert all(writer.poll() is None for writer in writers)
    finally:
        for writer in writers:
            writer.terminate()
            writer.wait()
    # Writers that started before the last rotation wrote under an older key.
    command = project.manage(
        "hauberk_reencrypt",
        "records.Person",
        f"--resume={resume}",
        "--verify",
        stdout=subprocess.PIPE,
    )
    out, _ = command.communicate(timeout=300)
    assert command.returncode == 0
    assert f"records.Person.email: {ROWS} under {primary} (primary)." in out.decode()
    assert "0 unreadable, 0 with a wrong index" in out.decode()
    unnoted = set()
    for number, log in enumerate(logs):
        lines = log.read_text().splitlines()
        assert lines
        for line in lines:
            pk, email = line.split()
            expected[int(pk)] = email
        # A writer may have been stopped between its commit and its note.
        unnoted.add(f"{number}-{len(lines) + 1}@example.org")
    found = project.emails()
    assert len(found) == ROWS
    differing = {email for pk, email in found.items() if expected[pk] != email}
    assert differing <= unnoted
    # No index is under an older key, by which nothing is found any more.
    project.give_up_older_keys()
    assert project.emails() == found


def test_killed_a_few_times(project: Project) -> None:
    """Killed three times while two writers write, it loses no row and converges."""
    killed_repeatedly(project, 3)


@pytest.mark.slow
def test_killed_a_hundred_times(project: Project) -> None:
    """Killed a hundred times while two writers write, it loses no row and converges."""
    killed_repeatedly(project, 100)
