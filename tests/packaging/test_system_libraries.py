"""packaging/system-libraries.sh on machines of every kind, played by small programs on a PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from genstudio.cli.display import DEBIAN_PACKAGES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no sh there")
PACKAGING = Path(__file__).parents[2] / "packaging"
TOOLS = ("sh", "awk", "sed", "sort", "tr", "dirname", "cat", "env")


@dataclass
class Machine:
    """A machine with only the tools that the script may use, and those that a test adds."""

    folder: Path

    def add(self, name: str, script: str) -> None:
        program = self.folder / "bin" / name
        program.write_text(f"#!/bin/sh\ncd '{self.folder}'\n{script}\n")
        program.chmod(0o755)

    def lacks(self, *libraries: str, only_for_a_window: bool = False) -> None:
        """Let ldd miss these libraries, in every file or in the plugins of a display alone."""
        name = "window" if only_for_a_window else "always"
        (self.folder / name).write_text("".join(f"\t{n} => not found\n" for n in libraries))

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.folder / "bin" / "sh"), str(PACKAGING / "system-libraries.sh"), "venv"],
            cwd=self.folder,
            env={"PATH": str(self.folder / "bin")},
            capture_output=True,
            text=True,
        )

    @property
    def installed(self) -> list[str]:
        """The command lines that apt-get was given."""
        log = self.folder / "apt"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "venv/lib/python3.11/site-packages/PySide6").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    machine = Machine(tmp_path)
    machine.add("uname", "echo Linux")
    machine.add("id", "echo 1000")
    machine.add(
        "ldd",
        "echo '\tlibc.so.6 => /lib/libc.so.6 (0x1)'\n"
        "echo '\tlibQt6Gui.so.6 => not found'\n"
        "[ -f always ] && cat always\n"
        'case "$*" in *libqxcb.so*) [ -f window ] && cat window ;; esac',
    )
    return machine


def with_apt(machine: Machine, *, works: bool = True) -> None:
    machine.add(
        "apt-get",
        'echo "$*" >> apt\n'
        + ("[ $1 = install ] && : > always && : > window\ntrue" if works else "false"),
    )


def test_nothing_is_said_or_done_where_nothing_is_missing(machine: Machine) -> None:
    with_apt(machine)
    machine.add("id", "echo 0")
    done = machine.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.installed == []


def test_root_gets_what_is_missing_installed(machine: Machine) -> None:
    with_apt(machine)
    machine.add("id", "echo 0")
    machine.lacks("libEGL.so.1", "libGL.so.1")
    machine.lacks("libxcb-cursor.so.0", only_for_a_window=True)
    done = machine.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.installed == [
        "update -qq",
        "install -y -qq --no-install-recommends libegl1 libgl1 libxcb-cursor0",
    ]


def test_anyone_else_is_told_what_to_install(machine: Machine) -> None:
    with_apt(machine)
    machine.lacks("libEGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0")
    done = machine.run()
    assert done.returncode == 1
    assert machine.installed == []
    assert done.stderr.endswith(": sudo apt install libegl1 libglib2.0-0\n")
    assert done.stderr.count("\n") == 1


def test_what_only_a_window_needs_stops_nothing_else(machine: Machine) -> None:
    with_apt(machine)
    machine.lacks("libxcb-cursor.so.0", only_for_a_window=True)
    done = machine.run()
    assert done.returncode == 0
    assert "all else works" in done.stderr
    assert done.stderr.endswith(": sudo apt install libxcb-cursor0\n")


def test_an_installation_that_fails_is_told(machine: Machine) -> None:
    with_apt(machine, works=False)
    machine.add("id", "echo 0")
    machine.lacks("libEGL.so.1")
    done = machine.run()
    assert done.returncode == 1
    assert done.stderr.endswith(": sudo apt install libegl1\n")


@pytest.mark.parametrize(
    ("tool", "line"),
    [
        ("dnf", "sudo dnf install libglvnd-egl xcb-util-cursor"),
        ("pacman", "sudo pacman -S libglvnd xcb-util-cursor"),
        (None, "libEGL.so.1 libxcb-cursor.so.0"),
    ],
)
def test_other_systems_are_told_in_their_own_names(
    machine: Machine, tool: str | None, line: str
) -> None:
    if tool:
        machine.add(tool, "exit 1")
    machine.add("id", "echo 0")
    machine.lacks("libEGL.so.1", "libxcb-cursor.so.0")
    done = machine.run()
    assert done.returncode == 1
    assert done.stderr.endswith(f": {line}\n")


def test_a_library_that_no_package_is_known_for_is_told_by_its_name(machine: Machine) -> None:
    with_apt(machine)
    machine.lacks("libnew.so.3")
    assert machine.run().stderr.endswith(": sudo apt install libnew.so.3\n")


def test_a_venv_without_qt_is_told(machine: Machine) -> None:
    shutil.rmtree(machine.folder / "venv")
    done = machine.run()
    assert done.returncode == 1
    assert done.stderr.startswith("There is no PySide6 in venv")


def test_other_systems_than_linux_bring_their_own(machine: Machine) -> None:
    machine.add("uname", "echo Darwin")
    machine.lacks("libEGL.so.1")
    done = machine.run()
    assert (done.returncode, done.stderr) == (0, "")


def test_the_window_names_the_same_packages_as_the_script() -> None:
    lines = (PACKAGING / "system-libraries.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert all(len(row) == 4 for row in rows)
    assert sorted({row[1] for row in rows}) == sorted(DEBIAN_PACKAGES.split())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ldd is Linux's")
def test_every_library_that_qt_asks_for_here_is_in_the_table() -> None:
    """All that this machine's Qt links outside of the wheel, but for what every system has."""
    from importlib.util import find_spec

    spec = find_spec("PySide6")
    assert spec is not None
    assert spec.submodule_search_locations
    qt = Path(spec.submodule_search_locations[0])
    if not (qt / "Qt/plugins/platforms/libqxcb.so").exists() or not shutil.which("readelf"):
        pytest.skip("this PySide6 is no wheel, or there is no readelf")
    folders = ("platforms", "xcbglintegrations", "wayland-graphics-integration-client")
    names = [p for f in folders for p in (qt / "Qt/plugins" / f).glob("libq[xw]*.so")]
    names += [
        qt / "Qt/lib" / f"libQt6{n}.so.6" for n in ("Gui", "Widgets", "Svg", "XcbQpa", "DBus")
    ]
    read = subprocess.run(
        ["readelf", "-d", *map(os.fspath, names)], capture_output=True, text=True, check=True
    )
    asked = {
        line.partition("[")[2].rstrip("]")
        for line in read.stdout.splitlines()
        if "(NEEDED)" in line
    }
    everywhere = ("libc.", "libm.", "libstdc++", "libgcc_s", "libdl.", "libpthread", "ld-linux")
    outside = {
        n for n in asked if not n.startswith((*everywhere, "libQt6", "libicu", "libz.", "libzstd"))
    }
    table = (PACKAGING / "system-libraries.txt").read_text().split()
    assert outside - set(table) == set()
    assert "libxcb-cursor.so.0" in outside
