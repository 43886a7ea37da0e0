"""A peer's own test-suite, from its source distribution, run against our drop-in.

The digest of the distribution is checked before anything in it runs, and none of its
code but the tests is kept. A case that is listed has to fail in the way that is listed
and every other one has to pass, so that a list cannot grow or go stale unnoticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Stands for a build back end, where a peer's own would have to be installed and run
#: before pip says more than the name of what it downloaded.
BACKEND = """
from pathlib import Path

def get_requires_for_build_wheel(config_settings=None):
    return []

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    folder = Path(directory, "{name}-{version}.dist-info")
    folder.mkdir()
    folder.joinpath("METADATA").write_text(
        "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
    )
    return folder.name
"""


@dataclass
class Differences:
    """Expect the listed cases to fail, each with its exception."""

    listed: dict[str, type[BaseException]]
    unknown: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.unknown = set(self.listed)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark them, strictly: one that passes is an error."""
        for item in items:
            name = item.nodeid.rpartition("/")[2]
            if name in self.listed:
                self.unknown.discard(name)
                mark = pytest.mark.xfail(strict=True, raises=self.listed[name])
                item.add_marker(mark)


def run(
    requirement: str,
    files: list[str],
    differences: dict[str, type[BaseException]],
    arguments: list[str],
    backend: str | None = None,
    options: Sequence[str] = (),
) -> int:
    """Download, run, compare.

    Args:
        requirement: `name==version --hash=…`.
        files: The files of the suite to run.
        differences: Cases that must fail, as `file::case`.
        arguments: Passed on to pytest.
        backend: The module of the peer's build back end, to be replaced.
        options: What pytest always needs for this suite.
    """
    plugin = Differences(differences)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        suite = download(folder, requirement, backend)
        os.chdir(folder)
        (folder / "pytest.ini").write_text("[pytest]\n")
        common = ["-q", "-rx", "-c", "pytest.ini"]
        common += ["-p", "no:randomly", "-p", "no:django", "-p", "no:cacheprovider"]
        paths = [str(suite / file) for file in files]
        code = pytest.main([*common, *options, *paths, *arguments], plugins=[plugin])
        os.chdir("/")
    if plugin.unknown and not arguments:
        sys.stderr.write(f"Listed and not in the suite: {plugin.unknown}\n")
        return 1
    return int(code)


def download(folder: Path, requirement: str, backend: str | None) -> Path:
    """Return the tests of the source distribution, alone in their folder."""
    name, _, version = requirement.partition(" ")[0].partition("==")
    requirements = folder / "requirements.txt"
    requirements.write_text(requirement)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pip += ["--no-binary", name, "--require-hashes"]
    pip += ["--dest", str(folder), "-r", str(requirements)]
    environment = dict(os.environ)
    if backend:
        (folder / "backend").mkdir()
        text = BACKEND.format(name=name, version=version)
        (folder / "backend" / f"{backend}.py").write_text(text)
        environment["PYTHONPATH"] = str(folder / "backend")
        pip.append("--no-build-isolation")
    subprocess.run(pip, check=True, env=environment)
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as members:
        members.extractall(folder / "sdist", filter="data")
    [tests] = folder.glob("sdist/*/tests")
    # Without the rest, nothing can import the peer's sources by accident.
    shutil.move(tests, folder / "peer_tests")
    shutil.rmtree(folder / "sdist")
    return folder / "peer_tests"
