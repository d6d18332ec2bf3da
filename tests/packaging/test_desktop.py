"""packaging/install-desktop.sh into a home of its own, seen with the desktop's own tools."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from genstudio import __version__
from tests import builders

pytestmark = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="the desktops of Linux and BSD"
)
ROOT = Path(__file__).parents[2]
DESKTOP = ROOT / "packaging" / "desktop"
PACK = "application/vnd.genstudio.pack+zip"
PROJECT = "application/vnd.genstudio.project+zip"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"there is no {tool}")


@dataclass
class Home:
    """A person's desktop below a temporary folder."""

    folder: Path
    program: Path

    @property
    def data(self) -> Path:
        return self.folder / "my data"

    @property
    def entry(self) -> Path:
        return self.data / "applications" / "genstudio.desktop"

    def run(self, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        places = {
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.data),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            [str(word) for word in words],
            env={**os.environ, **places, **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
        )

    def install(self, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        script = ROOT / "packaging" / "install-desktop.sh"
        return self.run("sh", script, *words, **environment)

    def files(self) -> set[Path]:
        return {path for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
def make_home(tmp_path: Path) -> Callable[[str], Home]:
    def make(place: str) -> Home:
        """A home whose genstudio lies in the folder `place` and notes what it is started with."""
        program = tmp_path / place / "genstudio"
        program.parent.mkdir(parents=True)
        log = tmp_path / "started"
        program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {log}.new\nmv {log}.new {log}\n")
        program.chmod(0o755)
        return Home(tmp_path, program)

    return make


@pytest.fixture
def home(make_home: Callable[[str], Home]) -> Home:
    """A home in which GenStudio is installed."""
    home = make_home("bin")
    assert home.install(home.program).returncode == 0
    return home


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A real pack and a project, under the type that each is to have."""
    builders.gan(tmp_path / "tiny", pack_id="tiny")
    pack, project = tmp_path / "my model.gspack", tmp_path / "work.genstudio"
    with zipfile.ZipFile(pack, "w") as archive:
        for path in (tmp_path / "tiny").iterdir():
            archive.write(path, path.name)
    with zipfile.ZipFile(project, "w") as archive:
        archive.writestr("project.json", "{}")
    return {PACK: pack, PROJECT: project}


def exec_line(home: Home) -> str:
    entry = configparser.RawConfigParser(delimiters="=")
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(home.entry)
    return entry["Desktop Entry"]["Exec"]


@needs("update-mime-database")
def test_installing_warns_of_nothing(make_home: Callable[[str], Home]) -> None:
    home = make_home("bin")
    done = home.install(home.program)
    assert done.stderr == ""
    assert done.stdout.endswith(f" files open with {home.program}\n")


def test_the_entry_starts_the_program_by_its_whole_path(home: Home) -> None:
    assert exec_line(home) == f'"{home.program}" studio %F'
    assert f"TryExec={home.program}\n" in home.entry.read_text()


PLACES = ["plain", "with spaces", "quotes \"and\" 'more'", "$HOME `echo`", "100%f", "back\\slash"]


@needs("gio")
@pytest.mark.parametrize("place", PLACES)
def test_a_double_click_starts_the_program_with_the_file(
    make_home: Callable[[str], Home], files: dict[str, Path], place: str
) -> None:
    home = make_home(place)
    assert home.install(home.program).returncode == 0
    started = home.folder / "started"
    done = home.run("gio", "launch", home.entry, files[PACK], files[PROJECT])
    deadline = time.monotonic() + 20
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert started.exists(), done.stderr
    assert started.read_text().splitlines() == ["studio", str(files[PACK]), str(files[PROJECT])]


@needs("desktop-file-validate")
@pytest.mark.parametrize("place", PLACES)
def test_the_entry_is_valid_wherever_the_program_lies(
    make_home: Callable[[str], Home], place: str
) -> None:
    home = make_home(place)
    home.install(home.program)
    done = home.run("desktop-file-validate", home.entry)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_path_given_from_where_one_stands_becomes_a_whole_one(home: Home) -> None:
    home.install("bin/genstudio")
    assert exec_line(home) == f'"{home.program}" studio %F'


@needs("gio")
@needs("update-mime-database")
def test_the_desktop_knows_the_files_by_their_type(home: Home, files: dict[str, Path]) -> None:
    for kind, path in files.items():
        told = home.run("gio", "info", "-a", "standard::content-type,standard::icon", path).stdout
        assert f"standard::content-type: {kind}\n" in told
        assert kind.replace("/", "-") in told


@needs("gio")
@needs("update-desktop-database")
def test_the_studio_is_the_default_program_of_both_types(home: Home) -> None:
    for kind in (PACK, PROJECT):
        assert "genstudio.desktop" in home.run("gio", "mime", kind).stdout.splitlines()[0]


@needs("xdg-mime")
def test_other_desktops_see_the_same_default(home: Home) -> None:
    # xdg-mime cannot read a data folder with a space in its name.
    place = {"XDG_DATA_HOME": str(home.folder / "data"), "XDG_CURRENT_DESKTOP": ""}
    home.install(home.program, **place)
    for kind in (PACK, PROJECT):
        told = home.run("xdg-mime", "query", "default", kind, **place)
        assert told.stdout.strip() == "genstudio.desktop"


@needs("gio")
@needs("update-desktop-database")
def test_pictures_may_be_opened_with_the_studio_but_keep_their_program(home: Home) -> None:
    told = home.run("gio", "mime", "image/png").stdout
    assert "genstudio.desktop" in told
    defaults = (home.folder / "config" / "mimeapps.list").read_text()
    assert "image/png" not in defaults


def test_the_types_and_their_patterns_are_installed(home: Home) -> None:
    text = (home.data / "mime" / "packages" / "genstudio.xml").read_text()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    patterns = {
        mime.get("type"): mime.find(f"{space}glob").get("pattern")  # type: ignore[union-attr]
        for mime in ET.fromstring(text)
    }
    assert patterns == {PACK: "*.gspack", PROJECT: "*.genstudio"}


def test_every_icon_is_installed_in_every_size(home: Home) -> None:
    from PIL import Image

    icons = home.data / "icons" / "hicolor"
    names = {"apps/genstudio"} | {f"mimetypes/{kind.replace('/', '-')}" for kind in (PACK, PROJECT)}
    for name in names:
        assert (icons / "scalable" / f"{name}.svg").is_file()
        for size in SIZES:
            with Image.open(icons / f"{size}x{size}" / f"{name}.png") as icon:
                assert icon.size == (size, size)
                assert icon.getextrema()[3][1] > 200, "an empty icon"


def test_the_icons_are_those_of_the_drawings(tmp_path: Path) -> None:
    import numpy as np
    from PIL import Image

    script = DESKTOP / "make-icons.py"
    subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )
    drawn = sorted(tmp_path.rglob("*.png"))
    assert len(drawn) == 3 * len(SIZES)
    for path in drawn:
        kept = DESKTOP / "icons" / path.relative_to(tmp_path)
        with Image.open(path) as new, Image.open(kept) as old:
            apart = np.abs(np.asarray(new, np.int16) - np.asarray(old, np.int16)).mean()
        assert apart < 1, f"{kept.name} is old; run packaging/desktop/make-icons.py"


def test_removing_leaves_nothing_of_it_and_all_else(home: Home) -> None:
    others = home.data / "icons" / "hicolor" / "16x16" / "apps" / "other.png"
    others.touch()
    defaults = home.folder / "config" / "mimeapps.list"
    with defaults.open("a") as file:
        file.write("\n[Added Associations]\ntext/plain=editor.desktop;\n")
    done = home.install("--remove")
    assert (done.returncode, done.stderr) == (0, "")
    left = {path for path in home.files() if "genstudio" in path.name}
    assert left == {home.program}
    assert others.is_file()
    assert "genstudio" not in defaults.read_text()
    assert "text/plain=editor.desktop;" in defaults.read_text()


def test_removing_what_was_never_installed_is_fine(make_home: Callable[[str], Home]) -> None:
    done = make_home("bin").install("--remove")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("word", ["nowhere/genstudio", "--help"])
def test_a_wrong_word_is_refused_in_a_sentence(make_home: Callable[[str], Home], word: str) -> None:
    home = make_home("bin")
    before = home.files()
    done = home.install(word)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert home.files() == before


def test_without_the_desktops_tools_the_files_are_installed_and_that_is_told(
    make_home: Callable[[str], Home], tmp_path: Path
) -> None:
    home = make_home("bin")
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "awk", "sed", "cp", "mkdir", "touch", "dirname", "basename", "rm"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    done = home.install(home.program, PATH=str(tools))
    assert done.returncode == 0
    assert "once shared-mime-info is installed" in done.stderr
    assert exec_line(home) == f'"{home.program}" studio %F'


@needs("appstreamcli")
def test_the_description_is_valid_and_tells_the_version() -> None:
    path = DESKTOP / "genstudio.metainfo.xml"
    override = "--override=cid-desktopapp-is-not-rdns=info"
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", override, str(path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_description_fits_the_program() -> None:
    component = ET.fromstring((DESKTOP / "genstudio.metainfo.xml").read_text())
    assert component.find("releases/release").get("version") == __version__  # type: ignore[union-attr]
    assert component.findtext("launchable") == "genstudio.desktop"
    kinds = {kind.text for kind in component.findall("provides/mediatype")}
    assert kinds == {PACK, PROJECT}
